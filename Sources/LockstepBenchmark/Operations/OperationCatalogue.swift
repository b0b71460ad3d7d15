import LockstepComparison
import LockstepCore

extension OperationBenchmark {
  /// Every benchmark of operations, by what bounds it: products first, then memory.
  static var all: [OperationBenchmark] {
    products + convolutions + [example(.convolution)] + elementwise + reductions + losses + pooling + layout
      + updates
  }

  private static var products: [OperationBenchmark] {
    let (batch, inputs, units) = (64, 3136, 128)
    return [
      example(.matmul32), example(.matmul64),
      OperationBenchmark(
        "dense-w1-forward", .matmul(Matmul()), [Input([batch, inputs]), Input([inputs, units])]),
      OperationBenchmark(
        "dense-w1-dx", .matmul(Matmul(transposeB: true)),
        [Input([batch, units]), Input([inputs, units])]),
      OperationBenchmark(
        "dense-w1-dw", .matmul(Matmul(transposeA: true)),
        [Input([batch, inputs]), Input([batch, units])]),
    ]
  }

  private static var elementwise: [OperationBenchmark] {
    let million = 1_000_000
    let activations: Shape = [64, 28, 28, 32]
    return [
      plusOne(10), plusOne(million),
      OperationBenchmark("add-float32-10", .binary(.add), [Input([10]), Input([10])]),
      OperationBenchmark("add-float32-1000000", .binary(.add), [Input([million]), Input([million])]),
      OperationBenchmark("add-bias-w1", .binary(.add), [Input(activations), Input([32])]),
      OperationBenchmark("relu-w1", .unary(.relu), [Input(activations)]),
      OperationBenchmark("exp-float32-1000000", .unary(.exp), [Input([million])]),
      OperationBenchmark("tanh-float32-1000000", .unary(.tanh), [Input([million])]),
    ]
  }

  private static var reductions: [OperationBenchmark] {
    let matrix = Input([1000, 1000])
    return [
      OperationBenchmark("sum-all-1000x1000", .reduce(.sum, axes: [0, 1]), [matrix]),
      OperationBenchmark("sum-rows-1000x1000", .reduce(.sum, axes: [1]), [matrix]),
      OperationBenchmark("sum-columns-1000x1000", .reduce(.sum, axes: [0]), [matrix]),
      OperationBenchmark(
        "sum-bias-gradient-w1", .reduce(.sum, axes: [0, 1, 2]), [Input([64, 28, 28, 32])]),
      OperationBenchmark("argmax-rows-1000x1000", .argReduce(.max, axis: 1), [matrix]),
    ]
  }

  private static var losses: [OperationBenchmark] {
    [(64, 10), (1024, 1000)].flatMap { batch, classes in
      let logits = Input([batch, classes])
      let labels = Input([batch], .int32, .index(below: classes))
      let size = "\(batch)x\(classes)"
      return [
        OperationBenchmark(
          "cross-entropy-\(size)", .softmaxCrossEntropy(labelSmoothing: 0), [logits, labels]),
        OperationBenchmark(
          "cross-entropy-gradient-\(size)", .softmaxCrossEntropyGradient(labelSmoothing: 0),
          [logits, labels, Input([batch])]),
        OperationBenchmark("softmax-\(size)", .softmax, [logits]),
      ]
    }
  }

  private static var pooling: [OperationBenchmark] {
    let (batch, size, channels) = (64, 28, 32)
    let images: Shape = [batch, size, size, channels]
    let pooled: Shape = [batch, size / 2, size / 2, channels]
    let pooling = Pooling(kernel: 2, WindowGeometry(stride: 2))
    let positions = Input(
      pooled, .int32, .result(of: .maxPool2D(pooling), [TensorSpec(images, .float32)], output: 1))
    return [
      OperationBenchmark("max-pool-w1", .maxPool2D(pooling), [Input(images)]),
      OperationBenchmark(
        "max-pool-gradient-w1", .maxPool2DGradient(pooling, height: size, width: size),
        [Input(pooled), positions]),
      OperationBenchmark("average-pool-w1", .averagePool2D(pooling), [Input(images)]),
      OperationBenchmark(
        "average-pool-gradient-w1", .averagePool2DGradient(pooling, height: size, width: size),
        [Input(pooled)]),
    ]
  }

  private static var layout: [OperationBenchmark] {
    [
      OperationBenchmark("transpose-2000x2000", .transpose([1, 0]), [Input([2000, 2000])]),
      OperationBenchmark(
        "transpose-nchw-to-nhwc", .transpose([0, 2, 3, 1]), [Input([64, 32, 28, 28])]),
      OperationBenchmark("cast-int64-float32-1000000", .cast(.float32), [Input([1_000_000], .int64)]),
      OperationBenchmark(
        "gather-rows-1000x1000", .gather(axis: 0),
        [Input([1000, 1000]), Input([1000], .int32, .index(below: 1000))]),
    ]
  }

  private static var updates: [OperationBenchmark] {
    let parameters = Input([3136, 128])
    return [
      OperationBenchmark(
        "sgd-momentum-w1-dense", .sgd(SGDStep(learningRate: 0.01, momentum: 0.9)),
        [parameters, parameters, parameters]),
      OperationBenchmark(
        "adam-w1-dense", .adam(AdamStep(learningRate: 0.001, step: 1)),
        [parameters, parameters, parameters, parameters]),
    ]
  }
}
