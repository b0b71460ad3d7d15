import LockstepCore
import Testing

private func float(_ shape: Shape) -> TensorSpec { TensorSpec(shape, .float32) }
private func int(_ shape: Shape) -> TensorSpec { TensorSpec(shape, .int64) }
private func bool(_ shape: Shape) -> TensorSpec { TensorSpec(shape, .bool) }

/// An operation on operands that don't fit it, and what the error must say.
struct Rejection: CustomTestStringConvertible, Sendable {
  let operation: LockstepCore.Operation
  let inputs: [TensorSpec]
  let message: [String]

  init(_ operation: LockstepCore.Operation, _ inputs: [TensorSpec], _ message: String...) {
    self.operation = operation
    self.inputs = inputs
    self.message = message
  }

  var testDescription: String { "\(operation.name) \(inputs)" }
}

@Suite("An error of shape inference names the operation and what doesn't fit")
struct RejectionTests {
  private func check(_ rejection: Rejection) {
    do {
      let outputs = try rejection.operation.inferOutputs(rejection.inputs)
      Issue.record("accepted, giving \(outputs)")
    } catch {
      #expect(error.description.hasPrefix("\(rejection.operation.name): "))
      for fragment in rejection.message {
        #expect(error.description.contains(fragment))
      }
    }
  }

  @Test(
    "when the number of operands is wrong",
    arguments: [
      Rejection(.binary(.add), [float([2])], "takes 2 operands, not 1"),
      Rejection(.fill(Fill(.real(0), [], .float32)), [float([2])], "takes 0 operands, not 1"),
      Rejection(.concatenate(axis: 0), [float([2])], "takes 2 to 4 operands, not 1"),
      Rejection(.select, [], "takes 3 operands, not 0"),
    ])
  func counts(_ rejection: Rejection) { check(rejection) }

  @Test(
    "in layout",
    arguments: [
      Rejection(.fill(Fill(.real(0.5), [2], .int32)), [], "0.5", "int32"),
      Rejection(.fill(Fill(.integer(300), [2], .uint8)), [], "300", "uint8"),
      Rejection(.reshape([4, 2]), [float([2, 3])], "[2, 3]", "[4, 2]", "6", "8"),
      Rejection(.broadcast([2, 3]), [float([2])], "[2]", "[2, 3]"),
      Rejection(.broadcast([1]), [float([3])], "[3]", "[1]"),
      Rejection(.transpose([0, 0]), [float([2, 3])], "[0, 0]", "[2, 3]"),
      Rejection(.transpose([0]), [float([2, 3])], "[0]", "[2, 3]"),
      Rejection(.slice(Slice(starts: [0], sizes: [1], steps: [1])), [float([2, 3])], "[2, 3]"),
      Rejection(.slice(Slice(starts: [1], sizes: [3], steps: [1])), [float([3])], "axis 0 of [3]"),
      Rejection(.slice(Slice(starts: [0], sizes: [2], steps: [3])), [float([3])], "axis 0 of [3]"),
      Rejection(.slice(Slice(starts: [-1], sizes: [1], steps: [1])), [float([3])], "axis 0 of [3]"),
      Rejection(.slice(Slice(starts: [0], sizes: [1], steps: [0])), [float([3])], "axis 0 of [3]"),
      Rejection(.slice(Slice(starts: [4], sizes: [0], steps: [1])), [float([3])], "axis 0 of [3]"),
      Rejection(.pad(Pad(low: [1], high: [1], interior: [1])), [float([2, 3])], "[2, 3]"),
      Rejection(.pad(Pad(low: [-1], high: [1], interior: [0])), [float([3])], "negative"),
      Rejection(.pad(Pad(low: [1 << 60], high: [0], interior: [0])), [float([3])], "no memory"),
      Rejection(.concatenate(axis: 1), [float([2, 3]), float([3, 3])], "[2, 3]", "[3, 3]", "axis 1"),
      Rejection(.concatenate(axis: 0), [float([2, 3]), float([6])], "[2, 3]", "[6]"),
      Rejection(.concatenate(axis: 2), [float([2]), float([2])], "no axis 2"),
      Rejection(.concatenate(axis: 0), [float([2]), int([2])], "float32 [2]", "int64 [2]"),
      Rejection(.gather(axis: 1), [float([2]), int([2])], "no axis 1"),
      Rejection(.gather(axis: 0), [float([2]), float([2])], "int32 or int64", "float32 [2]"),
      Rejection(.gather(axis: 0), [float([2]), int([2, 2])], "vector", "[2, 2]"),
      Rejection(.scatterAdd(axis: 0, size: 4), [float([2]), int([3])], "[2]", "[3]"),
      Rejection(.scatterAdd(axis: 0, size: 4), [bool([2]), int([2])], "bool"),
      Rejection(.scatterAdd(axis: 0, size: -1), [float([2]), int([2])], "negative"),
    ])
  func layout(_ rejection: Rejection) { check(rejection) }

  @Test(
    "in arithmetic",
    arguments: [
      Rejection(.unary(.exp), [int([2])], "int64"),
      Rejection(.unary(.logicalNot), [float([2])], "float32"),
      Rejection(.binary(.add), [float([2, 3]), float([4])], "[2, 3]", "[4]"),
      Rejection(.binary(.add), [float([2]), int([3])], "float32 [2]", "int64 [3]", "asType"),
      Rejection(.binary(.add), [bool([2]), bool([2])], "bool"),
      Rejection(.binary(.power), [int([2]), int([2])], "int64"),
      Rejection(.binary(.logicalAnd), [int([2]), int([2])], "int64"),
      Rejection(.select, [float([2]), float([2]), float([2])], "bool", "float32 [2]"),
      Rejection(.select, [bool([2]), float([2]), int([3])], "float32 [2]", "int64 [3]"),
      Rejection(.select, [bool([2]), float([3]), float([4])], "[2]", "[3]", "[4]"),
      Rejection(.reduce(.sum, axes: [2]), [float([2, 3])], "float32 [2, 3]", "no axis 2"),
      Rejection(.reduce(.sum, axes: [1, 0]), [float([2, 3])], "[1, 0]"),
      Rejection(.reduce(.sum, axes: [0, 0]), [float([2, 3])], "[0, 0]"),
      Rejection(.reduce(.sum, axes: [0]), [bool([2])], "bool"),
      Rejection(.reduce(.mean, axes: [0]), [int([2])], "int64 [2]"),
      Rejection(.reduce(.sumOfSquares, axes: [0]), [int([2])], "int64 [2]"),
      Rejection(.reduce(.max, axes: [0]), [float([0, 2])], "[0, 2]"),
      Rejection(.reduce(.min, axes: [0]), [bool([2])], "bool"),
      Rejection(.argReduce(.max, axis: 1), [float([2])], "no axis 1"),
      Rejection(.argReduce(.min, axis: 0), [float([0])], "[0]"),
      Rejection(.argReduce(.min, axis: 0), [bool([2])], "bool"),
      Rejection(.softmax, [float([])], "scalar"),
      Rejection(.logSoftmax, [int([2])], "int64 [2]"),
      Rejection(.softmaxGradient, [float([2, 3]), float([3, 2])], "[2, 3]", "[3, 2]"),
      Rejection(.matmul(Matmul()), [float([2, 3]), float([2, 3])], "[2, 3] and [2, 3]"),
      Rejection(.matmul(Matmul(transposeA: true)), [float([2, 3]), float([3, 2])], "[2, 3]ᵀ and [3, 2]"),
      Rejection(.matmul(Matmul()), [float([3]), float([3])], "[3] and [3]"),
      Rejection(
        .matmul(Matmul()), [float([2, 2, 3]), float([3, 3, 2])], "batch", "[2, 2, 3] and [3, 3, 2]"),
      Rejection(.matmul(Matmul()), [int([2, 2]), int([2, 2])], "int64 [2, 2]"),
      Rejection(
        .batchNorm(BatchNormalization()), [float([2, 3]), float([3]), float([2])], "float32 [3]",
        "float32 [2, 3]", "float32 [2]"),
      Rejection(
        .batchNormGradient(BatchNormalization()),
        [float([2, 3]), float([4, 3]), float([3]), float([3]), float([3]), float([3])], "[2, 3]", "[4, 3]"),
      Rejection(
        .batchNorm(BatchNormalization()), [float([3]), float([3]), float([3])], "[batch, .., channels]"),
      Rejection(
        .batchNorm(BatchNormalization(epsilon: -1)), [float([2, 3]), float([3]), float([3])], "epsilon", "-1"),
      Rejection(
        .groupNorm(GroupNormalization(groups: 2)), [float([2, 3]), float([3]), float([3])], "3 channels",
        "float32 [2, 3]", "2 groups"),
      Rejection(
        .groupNorm(GroupNormalization(groups: 0)), [float([2, 3]), float([3]), float([3])], "0 groups"),
      Rejection(
        .groupNorm(GroupNormalization(groups: 1)), [float([2, 3]), float([3]), float([2])],
        "scale and offset float32 [3]", "float32 [2]"),
      Rejection(
        .groupNorm(GroupNormalization(groups: 1)), [float([3]), float([3]), float([3])],
        "[batch, .., channels]"),
      Rejection(
        .groupNorm(GroupNormalization(groups: 1, epsilon: -1)), [float([2, 3]), float([3]), float([3])],
        "epsilon", "-1"),
      Rejection(
        .groupNormGradient(GroupNormalization(groups: 1)),
        [float([2, 3]), float([2, 3]), float([3]), float([2, 1]), float([2, 3])],
        "mean and variance float32 [2, 1]", "float32 [2, 3]"),
      Rejection(
        .groupNormGradient(GroupNormalization(groups: 1)),
        [float([2, 3]), float([4, 3]), float([3]), float([4, 1]), float([4, 1])], "[2, 3]", "[4, 3]"),
      Rejection(.batchNorm(BatchNormalization()), [int([2, 3]), int([3]), int([3])], "float32 or float64"),
      Rejection(.sgd(SGDStep(learningRate: 1)), [float([2]), float([3]), float([2])], "[2]", "[3]"),
      Rejection(
        .adam(AdamStep(learningRate: 1, step: 1)), [float([2]), float([2]), float([2]), float([3])], "[2]",
        "[3]"),
      Rejection(
        .adam(AdamStep(learningRate: 1, step: 0)), [float([2]), float([2]), float([2]), float([2])],
        "from 1", "0"),
    ])
  func arithmetic(_ rejection: Rejection) { check(rejection) }

  private static let images = float([8, 6, 5, 4])
  private static func pooling(
    _ kernel: Size2D, _ geometry: WindowGeometry = WindowGeometry()
  ) -> LockstepCore.Operation {
    .maxPool2D(Pooling(kernel: kernel, geometry))
  }
  private static func convolution(_ geometry: WindowGeometry, groups: Int = 1) -> LockstepCore.Operation {
    .conv2D(Convolution(geometry, groups: groups))
  }

  @Test(
    "in convolution and pooling",
    arguments: [
      Rejection(.conv2D(Convolution()), [float([6, 5, 4]), float([3, 3, 4, 2])], "[6, 5, 4]"),
      Rejection(.conv2D(Convolution()), [images, float([3, 4, 2])], "[3, 4, 2]"),
      Rejection(.conv2D(Convolution()), [images, float([3, 3, 3, 2])], "[8, 6, 5, 4]", "[3, 3, 3, 2]"),
      Rejection(.conv2D(Convolution()), [images, float([7, 3, 4, 2])], "7x3", "[8, 6, 5, 4]"),
      Rejection(.conv2D(Convolution()), [images, float([0, 3, 4, 2])], "at least 1x1"),
      Rejection(.conv2D(Convolution()), [images, TensorSpec([3, 3, 4, 2], .float64)], "float32", "float64"),
      Rejection(.conv2D(Convolution()), [int([8, 6, 5, 4]), int([3, 3, 4, 2])], "int64"),
      Rejection(convolution(WindowGeometry(stride: 0)), [images, float([3, 3, 4, 2])], "stride"),
      Rejection(convolution(WindowGeometry(dilation: 0)), [images, float([3, 3, 4, 2])], "dilation"),
      Rejection(
        convolution(WindowGeometry(padding: EdgeInsets(top: -1))), [images, float([3, 3, 4, 2])], "-1"),
      Rejection(
        convolution(WindowGeometry(stride: 2_147_483_648)), [images, float([3, 3, 4, 2])], "too large"),
      Rejection(convolution(WindowGeometry(dilation: 3)), [images, float([3, 3, 4, 2])], "dilation 3x3"),
      Rejection(convolution(WindowGeometry(), groups: 0), [images, float([3, 3, 4, 2])], "groups"),
      Rejection(convolution(WindowGeometry(), groups: 2), [images, float([3, 3, 2, 3])], "3", "2 groups"),
      Rejection(
        .conv2DInputGradient(Convolution(), height: 6, width: 5),
        [float([8, 9, 9, 2]), float([3, 3, 4, 2])],
        "[8, 9, 9, 2]", "[8, 4, 3, 2]"),
      Rejection(
        .conv2DInputGradient(Convolution(), height: -6, width: 5),
        [float([8, 9, 9, 2]), float([3, 3, 4, 2])],
        "negative"),
      Rejection(
        .conv2DWeightGradient(Convolution(), kernelHeight: 3, kernelWidth: 3),
        [images, float([8, 9, 9, 2])],
        "[8, 9, 9, 2]", "[8, 4, 3, 2]"),
      Rejection(
        .conv2DWeightGradient(Convolution(groups: 0), kernelHeight: 3, kernelWidth: 3),
        [images, float([8, 9, 9, 2])], "groups"),
      Rejection(pooling(7), [images], "7x7", "[8, 6, 5, 4]"),
      Rejection(
        pooling(2, WindowGeometry(padding: EdgeInsets(top: 2))), [images], "smaller than the window 2x2"),
      Rejection(pooling(2, WindowGeometry(dilation: 2)), [images], "dilated"),
      Rejection(
        pooling(2, WindowGeometry(padding: EdgeInsets(top: 1, bottom: 1))), [float([1, 0, 5, 1])], "pixels"),
      Rejection(pooling(1), [float([1, 1 << 16, 1 << 16, 1])], "int32"),
      Rejection(pooling(2), [float([6, 5, 4])], "[6, 5, 4]"),
      Rejection(
        .maxPool2DGradient(Pooling(kernel: 2, WindowGeometry()), height: 6, width: 5),
        [float([8, 5, 4, 4]), TensorSpec([8, 5, 4, 3], .int32)], "[8, 5, 4, 4]", "[8, 5, 4, 3]"),
      Rejection(
        .maxPool2DGather(Pooling(kernel: 2, WindowGeometry())), [images, int([8, 5, 4, 4])],
        "int32 [8, 5, 4, 4]", "int64 [8, 5, 4, 4]"),
      Rejection(
        .averagePool2DGradient(Pooling(kernel: 2, WindowGeometry()), height: 6, width: 5),
        [float([8, 2, 2, 4])],
        "[8, 2, 2, 4]", "[8, 5, 4, 4]"),
    ])
  func windows(_ rejection: Rejection) { check(rejection) }

  @Test(
    "in the loss",
    arguments: [
      Rejection(.softmaxCrossEntropy(labelSmoothing: 0), [float([8, 3]), int([7])], "[8, 3]", "[7]"),
      Rejection(.softmaxCrossEntropy(labelSmoothing: 0), [float([8]), int([8])], "[8] and [8]"),
      Rejection(.softmaxCrossEntropy(labelSmoothing: 0), [float([8, 0]), int([8])], "[8, 0]"),
      Rejection(.softmaxCrossEntropy(labelSmoothing: 0), [float([8, 3]), float([8])], "float32 [8]"),
      Rejection(.softmaxCrossEntropy(labelSmoothing: 0), [int([8, 3]), int([8])], "int64 [8, 3]"),
      Rejection(.softmaxCrossEntropy(labelSmoothing: 1.5), [float([8, 3]), int([8])], "1.5"),
      Rejection(.softmaxCrossEntropy(labelSmoothing: .nan), [float([8, 3]), int([8])], "nan"),
      Rejection(
        .softmaxCrossEntropyGradient(labelSmoothing: 0), [float([8, 3]), int([8]), float([3])], "[8]", "[3]"),
    ])
  func loss(_ rejection: Rejection) { check(rejection) }
}
