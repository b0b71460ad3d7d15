import LockstepCore
import Testing

private func float(_ shape: Shape) -> TensorSpec { TensorSpec(shape, .float32) }

@Suite("Shape inference")
struct InferenceTests {
  @Test(
    "gives the shape and dtype of every operation's result",
    arguments: [
      (.fill(Fill(.real(1), [2], .float64)), [], [TensorSpec([2], .float64)]),
      (.reshape([6]), [float([2, 3])], [float([6])]),
      (.reshape([0, 5]), [float([3, 0])], [float([0, 5])]),
      (.broadcast([4, 2, 3]), [float([2, 1])], [float([4, 2, 3])]),
      (.transpose([2, 0, 1]), [float([2, 3, 4])], [float([4, 2, 3])]),
      (.slice(Slice(starts: [1, 3], sizes: [2, 0], steps: [2, 1])), [float([4, 3])], [float([2, 0])]),
      (.pad(Pad(low: [1, 0], high: [2, 0], interior: [3, 1])), [float([3, 0])], [float([12, 0])]),
      (.concatenate(axis: 1), [float([2, 3]), float([2, 0]), float([2, 1])], [float([2, 4])]),
      (.gather(axis: 1), [float([2, 3]), TensorSpec([5], .int64)], [float([2, 5])]),
      (.scatterAdd(axis: 0, size: 9), [float([2, 3]), TensorSpec([2], .int32)], [float([9, 3])]),
      (.cast(.bool), [float([2])], [TensorSpec([2], .bool)]),
      (.unary(.exp), [float([2])], [float([2])]),
      (.binary(.add), [float([2, 1]), float([3])], [float([2, 3])]),
      (.binary(.less), [float([2, 1]), float([3])], [TensorSpec([2, 3], .bool)]),
      (.select, [TensorSpec([2, 1], .bool), float([3]), float([])], [float([2, 3])]),
      (.reduce(.sum, axes: [0, 2]), [float([2, 3, 4])], [float([3])]),
      (.reduce(.max, axes: [1]), [float([0, 3])], [float([0])]),
      (.argReduce(.max, axis: 1), [float([2, 3])], [TensorSpec([2], .int64)]),
      (.softmax, [float([2, 3])], [float([2, 3])]),
      (.logSoftmaxGradient, [float([2, 3]), float([2, 3])], [float([2, 3])]),
      (.matmul(Matmul(transposeA: true)), [float([5, 4, 2]), float([5, 4, 3])], [float([5, 2, 3])]),
      (.matmul(Matmul(transposeB: true)), [float([2, 4]), float([3, 4])], [float([2, 3])]),
      (
        .conv2D(Convolution(WindowGeometry(stride: 2, padding: EdgeInsets(top: 1, left: 1)), groups: 2)),
        [float([8, 7, 5, 4]), float([3, 3, 2, 6])], [float([8, 3, 2, 6])]
      ),
      (
        .conv2D(Convolution(WindowGeometry(dilation: 2))), [float([1, 5, 5, 1]), float([3, 3, 1, 1])],
        [float([1, 1, 1, 1])]
      ),
      (
        .conv2DInputGradient(Convolution(WindowGeometry(stride: 2)), height: 6, width: 5),
        [float([8, 2, 2, 6]), float([3, 3, 4, 6])], [float([8, 6, 5, 4])]
      ),
      (
        .conv2DWeightGradient(Convolution(), kernelHeight: 3, kernelWidth: 2),
        [float([8, 6, 5, 4]), float([8, 4, 4, 6])], [float([3, 2, 4, 6])]
      ),
      (
        .maxPool2D(Pooling(kernel: 2, WindowGeometry(stride: 2))), [float([8, 5, 4, 3])],
        [float([8, 2, 2, 3]), TensorSpec([8, 2, 2, 3], .int32)]
      ),
      (
        .averagePool2DGradient(Pooling(kernel: 2, WindowGeometry(stride: 2)), height: 5, width: 4),
        [float([8, 2, 2, 3])], [float([8, 5, 4, 3])]
      ),
      (.softmaxCrossEntropy(labelSmoothing: 0), [float([8, 3]), TensorSpec([8], .int32)], [float([8])]),
      (
        .softmaxCrossEntropyGradient(labelSmoothing: 1),
        [float([8, 3]), TensorSpec([8], .int64), float([8])], [float([8, 3])]
      ),
      (.sgd(SGDStep(learningRate: 1)), [float([2]), float([2]), float([2])], [float([2]), float([2])]),
      (
        .adam(AdamStep(learningRate: 1, step: 1)), [float([2]), float([2]), float([2]), float([2])],
        [float([2]), float([2]), float([2])]
      ),
      (
        .batchNorm(BatchNormalization()), [float([2, 4, 5, 3]), float([3]), float([3])],
        [float([2, 4, 5, 3]), float([3]), float([3])]
      ),
      (
        .batchNormGradient(BatchNormalization(relu: true)),
        [float([2, 3]), float([2, 3]), float([3]), float([3]), float([3]), float([3])],
        [float([2, 3]), float([3]), float([3])]
      ),
      (
        .batchNormInference(BatchNormalization()),
        [float([0, 3]), float([3]), float([3]), float([3]), float([3])], [float([0, 3])]
      ),
      (
        .groupNorm(GroupNormalization(groups: 2)), [float([5, 4, 3, 6]), float([6]), float([6])],
        [float([5, 4, 3, 6]), float([5, 2]), float([5, 2])]
      ),
      (
        .groupNormGradient(GroupNormalization(groups: 3)),
        [float([5, 6]), float([5, 6]), float([6]), float([5, 3]), float([5, 3])],
        [float([5, 6]), float([6]), float([6])]
      ),
    ] as [(LockstepCore.Operation, [TensorSpec], [TensorSpec])])
  func accepts(_ operation: LockstepCore.Operation, _ inputs: [TensorSpec], _ outputs: [TensorSpec]) throws {
    #expect(try operation.inferOutputs(inputs) == outputs)
  }

  @Test("names every operation differently")
  func names() {
    let families: [LockstepCore.Operation] = [
      .fill(Fill(.real(0), [], .float32)), .reshape([]), .broadcast([]), .transpose([]),
      .slice(Slice(starts: [], sizes: [], steps: [])), .pad(Pad(low: [], high: [], interior: [])),
      .concatenate(axis: 0), .gather(axis: 0), .scatterAdd(axis: 0, size: 0), .cast(.bool), .select,
      .argReduce(.max, axis: 0), .argReduce(.min, axis: 0), .softmax, .softmaxGradient, .logSoftmax,
      .logSoftmaxGradient, .matmul(Matmul()), .conv2D(Convolution()),
      .conv2DInputGradient(Convolution(), height: 1, width: 1),
      .conv2DWeightGradient(Convolution(), kernelHeight: 1, kernelWidth: 1),
      .maxPool2D(Pooling(kernel: 1, WindowGeometry())),
      .maxPool2DGradient(Pooling(kernel: 1, WindowGeometry()), height: 1, width: 1),
      .maxPool2DGather(Pooling(kernel: 1, WindowGeometry())),
      .averagePool2D(Pooling(kernel: 1, WindowGeometry())),
      .averagePool2DGradient(Pooling(kernel: 1, WindowGeometry()), height: 1, width: 1),
      .softmaxCrossEntropy(labelSmoothing: 0), .softmaxCrossEntropyGradient(labelSmoothing: 0),
      .batchNorm(BatchNormalization()), .batchNormGradient(BatchNormalization()),
      .batchNormInference(BatchNormalization()), .groupNorm(GroupNormalization(groups: 1)),
      .groupNormGradient(GroupNormalization(groups: 1)), .sgd(SGDStep(learningRate: 0)),
      .adam(AdamStep(learningRate: 0, step: 1)),
    ]
    let all =
      families + UnaryFunction.allCases.map { .unary($0) } + BinaryFunction.allCases.map { .binary($0) }
      + Reduction.allCases.map { .reduce($0, axes: []) }
    #expect(Set(all.map(\.name)).count == all.count)
  }
}
