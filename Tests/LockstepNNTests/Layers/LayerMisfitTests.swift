import LockstepCore
import LockstepNN
import Testing

/// A layer, examples that don't fit it, and what is said of that.
struct Misfit: Sendable, CustomTestStringConvertible {
  let input: Shape
  let problem: String
  let make: @Sendable () -> any Layer
  var testDescription: String { problem }

  init(_ input: Shape, _ problem: String, _ make: @autoclosure @escaping @Sendable () -> any Layer) {
    self.input = input
    self.problem = problem
    self.make = make
  }
}

private let noImages = "needs images [height, width, channels], not [16]"

private let misfits: [Misfit] = [
  Misfit([16], noImages, DepthwiseConv2D(kernel: 3)),
  Misfit([8, 8, 3], "the multiplier must be at least 1, not 0", DepthwiseConv2D(kernel: 3, multiplier: 0)),
  Misfit([8, 8, 0], "images [8, 8, 0] have no channels", DepthwiseConv2D(kernel: 3)),
  Misfit(
    [2, 2, 3], "conv2D: a 3x3 window with dilation 1x1 does not fit images [1, 2, 2, 3] with padding 0",
    DepthwiseConv2D(kernel: 3)),
  Misfit([16], noImages, Conv2DTranspose(3, kernel: 3)),
  Misfit([8, 8, 3], "needs at least one filter, not 0", Conv2DTranspose(0, kernel: 3)),
  Misfit([8, 8, 3], "the kernel must be at least 1x1, not 0x0", Conv2DTranspose(3, kernel: 0)),
  Misfit([8, 8, 3], "stride must be at least 1: 0x0", Conv2DTranspose(3, kernel: 3, stride: 0)),
  Misfit(
    [8, 8, 3], "3 channels and 4 filters can't be cut into 2 groups",
    Conv2DTranspose(4, kernel: 3, groups: 2)),
  Misfit(
    [8, 8, 4], "4 channels and 3 filters can't be cut into 2 groups",
    Conv2DTranspose(3, kernel: 3, groups: 2)),
  Misfit(
    [8, 8, 3], "outputPadding must be at least 0 and less than the stride 2x2, not 2x2",
    Conv2DTranspose(3, kernel: 3, stride: 2, outputPadding: 2)),
  Misfit(
    [8, 8, 3], "with padding same a result has the size times the stride: leave outputPadding away",
    Conv2DTranspose(3, kernel: 3, stride: 2, padding: .same, outputPadding: 1)),
  Misfit(
    [1, 1, 3], "padding 2 leaves nothing of the results for images [1, 1, 3]",
    Conv2DTranspose(3, kernel: 3, padding: .pixels(2))),
  Misfit(
    [8, 8, 3], "conv2DInputGradient: dilation must be at least 1: 0x0",
    Conv2DTranspose(3, kernel: 3, dilation: 0)),
  Misfit([3], "epsilon must be a number above 0, not 0.0", LayerNorm(epsilon: 0)),
  Misfit([3, 4], "examples [3, 4] have no 3 dimensions to take a mean over", LayerNorm(dimensions: 3)),
  Misfit([3, 4], "examples [3, 4] have no 0 dimensions to take a mean over", LayerNorm(dimensions: 0)),
  Misfit([3, 0], "there is no mean of examples [3, 0]: they are empty", LayerNorm()),
  Misfit([3], "epsilon must be a number above 0, not nan", GroupNorm(1, epsilon: .nan)),
  Misfit([3], "3 channels can't be cut into 2 groups", GroupNorm(2)),
  Misfit([3], "3 channels can't be cut into 0 groups", GroupNorm(0)),
  Misfit([], "needs examples [.., channels], not []", GroupNorm(1)),
  Misfit([], "needs examples [.., channels], not []", PReLU(perChannel: true)),
  Misfit([3], "needs at least one thing and one unit, not 0 and 4", Embedding(0, units: 4)),
  Misfit([3], "needs at least two branches, not 1", Add([[ReLU()]])),
  Misfit([3], "branch 0 gives [3], branch 1 gives [4]; they must be the same", Add([[], [Dense(4)]])),
  Misfit([3], "needs at least two branches, not 0", Concatenate([])),
  Misfit(
    [4, 4, 2], "branch 0 gives [4, 4, 2], branch 1 gives [2, 2, 2]; they must be the same but for axis 3",
    Concatenate([[], [MaxPool2D(2)]])),
  Misfit(
    [4, 4, 2], "branch 0 gives [4, 4, 2], branch 1 gives [32]; they must be the same but for axis 3",
    Concatenate([[], [Flatten()]])),
  Misfit([3], "axis 0 is none of an example [3]: those are 1 to 1", Concatenate([[], []], axis: 0)),
  Misfit([3], "axis -2 is none of an example [3]: those are 1 to 1", Concatenate([[], []], axis: -2)),
  Misfit([3], "some of its branches take indices, others real numbers", Add([[], [Embedding(2, units: 2)]])),
  Misfit([3], "some of its branches take indices, others real numbers", Residual([Embedding(2, units: 2)])),
  Misfit([16], noImages, ZeroPad2D(1)),
  Misfit([2, 2, 1], "pad: padding can't be negative", ZeroPad2D(-1)),
  Misfit([16], noImages, UpSampling2D()),
  Misfit([2, 2, 1], "the size must be at least 1x1, not 0x0", UpSampling2D(0)),
  Misfit([2, 3], "examples [2, 3] have 6 elements and do not fill [4]", Reshape([4])),
  Misfit([2, 3], "examples [2, 3] have 6 elements and do not fill [-1, 4]", Reshape([-1, 4])),
  Misfit([2, 3], "needs sizes of at least 1, at most 7, one of which may be -1", Reshape([-1, -1])),
  Misfit([2, 3], "axis 0 is the batch; examples have the axes 1 to 2", Softmax(axis: 0)),
  Misfit([2, 3], "axis -3 is the batch; examples have the axes 1 to 2", LogSoftmax(axis: -3)),
  Misfit([2, 3], "examples [2, 3] have no axis 3", Softmax(axis: 3)),
  Misfit([3], "examples [3] have no axis 2", Dense(3, activation: .softmax(axis: 2))),
  Misfit([3], "the slope must be a number, not nan", LeakyReLU(slope: .nan)),
  Misfit([3], "alpha must be a number, not inf", BatchNorm(activation: .elu(alpha: .infinity))),
]

@Suite("Layers of several operations that can't be built")
struct LayerMisfitTests {
  @Test("One clear line", arguments: misfits)
  func problem(_ misfit: Misfit) {
    let error = #expect(throws: ModelError.self) { try misfit.make().build(input: misfit.input) }
    #expect(error?.problem.hasPrefix(misfit.problem) == true, "\(error?.problem ?? "")")
  }

  @Test("A layer that takes indices is only the first")
  func indices() {
    let error = #expect(throws: ModelError.self) {
      try Sequential([Flatten(), Embedding(3, units: 2)]).build(input: [4])
    }
    #expect(
      error?.description
        == "layer layers.1, Embedding(3, units: 2): takes indices, and no results: it must be the first layer"
    )
  }

  @Test("The path of a layer in a branch")
  func branch() {
    let error = #expect(throws: ModelError.self) {
      try Sequential([Add([[], [ReLU(), MaxPool2D(2)]])]).build(input: [16])
    }
    #expect(error?.layer == "layers.0.branches.1.1")
  }
}
