import LockstepConformance
import LockstepCore

/// Operations on operands so large that the kernels cut them into many tasks, each in more than one way.
enum ShardedCases {
  static var all: [ConformanceCase] {
    layout + elementwise + reductions + rows + products + pooling + normalization
  }

  private static func make(_ name: String, _ operation: Operation, _ inputs: CaseInput...) -> ConformanceCase
  {
    ConformanceCase(name, operation, inputs, .equal)
  }

  private static func reals(_ shape: Shape, _ dtype: DType = .float32) -> CaseInput {
    CaseInput(shape, dtype, .uniform(-2...2))
  }

  private static var layout: [ConformanceCase] {
    let duplicates = CaseInput([5000], .int32, .whole(0...36))
    return [
      make("large", .fill(Fill(.real(1.5), [300, 301], .float32))),
      make("large", .reshape([301, 300]), reals([300, 301])),
      make("columns", .broadcast([301, 300]), reals([301, 1])),
      make("rows", .broadcast([40, 301, 30]), reals([301, 1])),
      make("matrix", .transpose([1, 0]), reals([301, 257])),
      make("channels first", .transpose([0, 3, 1, 2]), reals([7, 29, 31, 13])),
      make(
        "every third", .slice(Slice(starts: [1, 2], sizes: [140, 150], steps: [2, 3])), reals([300, 500])),
      make(
        "between", .pad(Pad(low: [1, 2], high: [3, 0], interior: [1, 2])), reals([150, 170], .float64)),
      make("columns", .concatenate(axis: 1), reals([200, 70]), reals([200, 31]), reals([200, 90])),
      make("rows", .gather(axis: 0), reals([37, 65]), duplicates),
      make("columns", .gather(axis: 1), reals([9, 37]), duplicates),
      make("duplicates", .scatterAdd(axis: 0, size: 37), reals([5000, 65]), duplicates),
      make("wide duplicates", .scatterAdd(axis: 0, size: 37), reals([5000, 700]), duplicates),
      make("columns", .scatterAdd(axis: 1, size: 37), reals([9, 5000]), duplicates),
      make("saturating", .cast(.int32), CaseInput([70_001], .float32, .uniform(-3e9...3e9))),
    ]
  }

  private static var elementwise: [ConformanceCase] {
    let condition = CaseInput([300, 1], .bool, .whole(0...1))
    let unary: [UnaryFunction] = [.exp, .tanh, .sigmoid, .relu, .erf]
    return unary.map { make("large", .unary($0), reals([70_001])) } + [
      make("dense", .binary(.multiply), reals([70_001]), reals([70_001])),
      make("number", .binary(.add), reals([70_001]), reals([])),
      make("bias", .binary(.add), reals([3000, 33]), reals([33])),
      make("columns", .binary(.subtract), reals([301, 300]), reals([301, 1])),
      make("outer", .binary(.maximum), reals([300, 1]), reals([1, 301])),
      make("all ways", .select, condition, reals([301]), reals([300, 301])),
    ]
  }

  private static var reductions: [ConformanceCase] {
    let sum = { (axes: [Int]) in Operation.reduce(.sum, axes: axes) }
    return [
      make("everything", sum([0, 1, 2]), reals([61, 43, 67])),
      make("bias", sum([0, 1, 2]), reals([16, 29, 31, 33])),
      make("narrow bias", sum([0]), reals([70_001, 3])),
      make("wide", sum([0]), reals([9, 20_001])),
      make("long rows", sum([1]), reals([3, 50_001], .float64)),
      make("two groups", sum([0, 2]), reals([300, 17, 310])),
      make("mean", .reduce(.mean, axes: [0, 1]), reals([300, 310, 5])),
      make("maximum", .reduce(.max, axes: [0]), reals([5000, 17])),
      make("columns", .argReduce(.max, axis: 0), CaseInput([300, 301], .float32, .whole(-9...9))),
      make("rows", .argReduce(.min, axis: 1), CaseInput([300, 301], .int32, .whole(-9...9))),
    ]
  }

  private static var rows: [ConformanceCase] {
    let shape: Shape = [701, 101]
    let labels = CaseInput([701], .int64, .whole(0...100))
    return [
      make("rows", .softmax, reals(shape)),
      make("rows", .softmaxGradient, reals(shape), reals(shape)),
      make("rows", .logSoftmax, reals(shape)),
      make("rows", .logSoftmaxGradient, reals(shape), reals(shape)),
      make("rows", .softmaxCrossEntropy(labelSmoothing: 0.1), reals(shape), labels),
      make(
        "rows", .softmaxCrossEntropyGradient(labelSmoothing: 0.1), reals(shape), labels, reals([701])),
      make(
        "large", .sgd(SGDStep(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3, nesterov: true)),
        reals([70_001]), reals([70_001]), reals([70_001])),
      make(
        "large", .adam(AdamStep(learningRate: 0.1, weightDecay: 1e-3, step: 3)), reals([70_001]),
        reals([70_001]), reals([70_001]), CaseInput([70_001], .float32, .uniform(0...1))),
    ]
  }

  private static var normalization: [ConformanceCase] {
    let x = reals([19, 30, 31, 48])
    let channels = (0..<4).map { _ in CaseInput([48], .float32, .uniform(0.5...2)) }
    let few = (0..<4).map { _ in CaseInput([3], .float64, .uniform(0.5...2)) }
    let attributes = BatchNormalization(relu: true)
    let groups = GroupNormalization(groups: 8)
    let row = GroupNormalization(groups: 1)
    let rowMoments = CaseInput([3000, 1], .float32, .uniform(0.5...2))
    let moments = CaseInput([19, 8], .float32, .uniform(0.5...2))
    return [
      make("images", .groupNorm(groups), x, channels[0], channels[1]),
      make("images", .groupNormGradient(groups), x, x, channels[0], moments, moments),
      make("rows", .groupNorm(row), reals([3000, 70]), reals([70]), reals([70])),
      make(
        "rows", .groupNormGradient(row), reals([3000, 70]), reals([3000, 70]), reals([70]), rowMoments,
        rowMoments),
      make("images", .batchNorm(attributes), x, channels[0], channels[1]),
      make("few channels", .batchNorm(attributes), reals([90_001, 3], .float64), few[0], few[1]),
      make("many channels", .batchNorm(attributes), reals([70, 3000]), reals([3000]), reals([3000])),
      make("images", .batchNormInference(attributes), x, channels[0], channels[1], channels[2], channels[3]),
      make(
        "images", .batchNormGradient(attributes), x, x, channels[0], channels[1], channels[2], channels[3]),
      make(
        "few channels", .batchNormGradient(attributes), reals([90_001, 3], .float64),
        reals([90_001, 3], .float64), few[0], few[1], few[2], few[3]),
    ]
  }

  private static var products: [ConformanceCase] {
    let same = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)
    let dense = Convolution(WindowGeometry(padding: same))
    let strided = Convolution(WindowGeometry(stride: 2, padding: same), groups: 2)
    let (image, weight, result): (Shape, Shape, Shape) = (
      [19, 14, 14, 16], [3, 3, 16, 24], [19, 14, 14, 24]
    )
    let fused = FusedConvolution(dense, appliesReLU: true, poolSize: 2)
    let pooled: Shape = [19, 7, 7, 24]
    let taps = CaseInput(pooled, .uint8, .integers([0, 255, 1, 2, 255, 3, 1]))
    let winograd = Convolution(WindowGeometry(padding: same), algorithm: .winograd)
    let (groupWeight, smallResult): (Shape, Shape) = ([3, 3, 8, 24], [19, 7, 7, 24])
    return [
      make("square", .matmul(Matmul()), reals([300, 310]), reals([310, 290])),
      make("dense layer", .matmul(Matmul()), reals([64, 1000]), reals([1000, 128])),
      make("its input", .matmul(Matmul(transposeB: true)), reals([64, 128]), reals([1000, 128])),
      make("its weight", .matmul(Matmul(transposeA: true)), reals([64, 1000]), reals([64, 128])),
      make("row", .matmul(Matmul()), reals([1, 1000]), reals([1000, 128])),
      make("packed", .matmul(Matmul()), reals([301, 1100]), reals([1100, 290])),
      make(
        "packed turned", .matmul(Matmul(transposeA: true, transposeB: true)), reals([700, 260], .float64),
        reals([300, 700], .float64)),
      make("stack", .matmul(Matmul()), reals([9, 40, 50], .float64), reals([9, 50, 60], .float64)),
      make("same", .conv2D(dense), reals(image), reals(weight)),
      make("same", .conv2DInputGradient(dense, height: 14, width: 14), reals(result), reals(weight)),
      make(
        "same", .conv2DWeightGradient(dense, kernelHeight: 3, kernelWidth: 3), reals(image), reals(result)),
      make("groups", .conv2D(strided), reals(image), reals(groupWeight)),
      make(
        "groups", .conv2DInputGradient(strided, height: 14, width: 14), reals(smallResult),
        reals(groupWeight)),
      make(
        "groups", .conv2DWeightGradient(strided, kernelHeight: 3, kernelWidth: 3), reals(image),
        reals(smallResult)),
      make("Winograd", .conv2D(winograd), reals(image), reals(weight)),
      make("Winograd", .conv2DInputGradient(winograd, height: 14, width: 14), reals(result), reals(weight)),
      make("Winograd, few pixels", .conv2D(winograd), reals([2, 9, 7, 16]), reals([3, 3, 16, 72])),
      make(
        "Winograd, few pixels", .conv2DInputGradient(winograd, height: 9, width: 7), reals([2, 9, 7, 16]),
        reals([3, 3, 72, 16])),
      make(
        "Winograd, few pixels",
        .fusedConv2D(FusedConvolution(winograd, appliesReLU: true, poolSize: Size2D(height: 3, width: 2))),
        reals([1, 14, 14, 16]), reals([3, 3, 16, 72]), reals([72])),
      make("pooled", .fusedConv2D(fused), reals(image), reals(weight), reals([weight[3]])),
      make(
        "pooled", .fusedConv2DInputGradient(fused, height: 14, width: 14), reals(pooled), reals(weight), taps),
      make(
        "pooled", .fusedConv2DWeightGradient(fused, kernelHeight: 3, kernelWidth: 3), reals(image),
        reals(pooled), taps),
      make(
        "one image", .conv2DWeightGradient(dense, kernelHeight: 3, kernelWidth: 3), reals([1, 60, 60, 16]),
        reals([1, 60, 60, 24])),
    ]
  }

  private static var pooling: [ConformanceCase] {
    let disjoint = Pooling(kernel: 2, WindowGeometry(stride: 2))
    let same = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)
    let overlapping = Pooling(kernel: 3, WindowGeometry(stride: 1, padding: same))
    let image = reals([9, 30, 30, 70])
    let small = reals([9, 15, 15, 70])
    let places = { (pooling: Pooling, shape: Shape) in
      CaseInput(shape, .int32, .positions(pooling, height: 30, width: 30))
    }
    let (disjointPlaces, overlappingPlaces) = (
      places(disjoint, [9, 15, 15, 70]), places(overlapping, [9, 30, 30, 70])
    )
    return [
      make("disjoint", .maxPool2D(disjoint), image),
      make("overlapping", .maxPool2D(overlapping), image),
      make("disjoint", .maxPool2DGradient(disjoint, height: 30, width: 30), small, disjointPlaces),
      make("overlapping", .maxPool2DGradient(overlapping, height: 30, width: 30), image, overlappingPlaces),
      make("disjoint", .maxPool2DGather(disjoint), image, disjointPlaces),
      make("overlapping", .averagePool2D(overlapping), image),
      make("overlapping", .averagePool2DGradient(overlapping, height: 30, width: 30), image),
    ]
  }
}
