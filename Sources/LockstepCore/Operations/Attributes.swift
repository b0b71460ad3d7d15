/// What ``Operation/fill(_:)`` makes.
public struct Fill: Hashable, Sendable {
  /// The value of every element; must fit the dtype.
  public var value: Scalar
  /// The shape of the result.
  public var shape: Shape
  /// The element type of the result.
  public var dtype: DType

  /// Creates the attributes; whether the value fits is checked where they are used.
  public init(_ value: Scalar, _ shape: Shape, _ dtype: DType) {
    self.value = value
    self.shape = shape
    self.dtype = dtype
  }
}

/// Which elements ``Operation/slice(_:)`` takes, one number for every dimension.
public struct Slice: Hashable, Sendable {
  /// The index of the first element taken, 0 or more.
  public var starts: [Int]
  /// The number of elements taken: the size of the result.
  public var sizes: [Int]
  /// The distance between elements taken, 1 or more.
  public var steps: [Int]

  /// Creates the attributes; every array has an entry for every dimension of the operand.
  public init(starts: [Int], sizes: [Int], steps: [Int]) {
    self.starts = starts
    self.sizes = sizes
    self.steps = steps
  }
}

/// How many zeros ``Operation/pad(_:)`` puts before, behind and between the elements of every dimension.
public struct Pad: Hashable, Sendable {
  /// Zeros before the first element.
  public var low: [Int]
  /// Zeros behind the last element.
  public var high: [Int]
  /// Zeros between neighbouring elements.
  public var interior: [Int]

  /// Creates the attributes; every array has an entry, 0 or more, for every dimension of the operand.
  public init(low: [Int], high: [Int], interior: [Int]) {
    self.low = low
    self.high = high
    self.interior = interior
  }
}

/// Which operands of ``Operation/matmul(_:)`` are read transposed.
public struct Matmul: Hashable, Sendable {
  /// Whether the first operand is `[…, k, m]` instead of `[…, m, k]`.
  public var transposeA: Bool
  /// Whether the second operand is `[…, n, k]` instead of `[…, k, n]`.
  public var transposeB: Bool

  /// Creates the attributes.
  public init(transposeA: Bool = false, transposeB: Bool = false) {
    self.transposeA = transposeA
    self.transposeB = transposeB
  }
}

/// A pair of numbers for the two spatial dimensions of an image.
public struct Size2D: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// The number for the rows of an image.
  public var height: Int
  /// The number for the columns of an image.
  public var width: Int

  /// Creates a pair.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Creates a pair of equal numbers, so that `3` stands for 3x3.
  public init(integerLiteral value: Int) { self.init(height: value, width: value) }
}

extension Size2D: CustomStringConvertible {
  /// Height and width, such as `3x3`.
  public var description: String { "\(height)x\(width)" }
}

/// Rows and columns of padding around an image.
public struct EdgeInsets: Hashable, Sendable {
  /// Rows above the first.
  public var top: Int
  /// Rows below the last.
  public var bottom: Int
  /// Columns before the first.
  public var left: Int
  /// Columns behind the last.
  public var right: Int

  /// Creates insets, in pixels.
  public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// No padding.
  public static let zero = EdgeInsets()
}

extension EdgeInsets: CustomStringConvertible {
  /// The four numbers, such as `top 1 bottom 1 left 1 right 1`, or one where they are equal.
  public var description: String {
    Set([top, bottom, left, right]).count == 1
      ? "\(top)" : "top \(top) bottom \(bottom) left \(left) right \(right)"
  }
}

/// How the window of a convolution or a pooling moves over an image.
public struct WindowGeometry: Hashable, Sendable {
  /// Pixels between neighbouring windows.
  public var stride: Size2D
  /// Pixels around the image: zeros to a convolution, absent to a pooling.
  public var padding: EdgeInsets
  /// Pixels between neighbouring taps of a window.
  public var dilation: Size2D

  /// Creates a geometry; strides and dilations are 1 or more, paddings 0 or more.
  public init(stride: Size2D = 1, padding: EdgeInsets = .zero, dilation: Size2D = 1) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// How many windows of `kernel` fit an image, or nil where not even one does.
  package func outputSize(of image: Size2D, kernel: Size2D) -> Size2D? {
    let spanHeight = (kernel.height - 1) * dilation.height + 1
    let spanWidth = (kernel.width - 1) * dilation.width + 1
    let roomHeight = image.height + padding.top + padding.bottom - spanHeight
    let roomWidth = image.width + padding.left + padding.right - spanWidth
    guard roomHeight >= 0, roomWidth >= 0 else { return nil }
    return Size2D(height: roomHeight / stride.height + 1, width: roomWidth / stride.width + 1)
  }
}

/// How a convolution is computed. Algorithms add up in different orders, so their results differ in rounding.
public enum ConvolutionAlgorithm: Int, Hashable, Sendable, CaseIterable {
  /// Each output element is the sum of its products, one after the other.
  case direct = 0
  /// F(2×2, 3×3): four output pixels from 16 products instead of 36, by sums and differences of pixels and of
  /// taps (Winograd; Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). Where kernel,
  /// stride, dilation or groups don't allow it a backend computes directly.
  case winograd = 1
}

/// The attributes of a 2-D convolution; the kernel's size is the weight's.
public struct Convolution: Hashable, Sendable {
  /// How the kernel moves over the images.
  public var geometry: WindowGeometry
  /// Channels are cut into this many groups, each convolved by itself.
  public var groups: Int
  /// How it is computed.
  public var algorithm: ConvolutionAlgorithm

  /// Creates the attributes; the groups must divide the channels in and out.
  public init(
    _ geometry: WindowGeometry = WindowGeometry(), groups: Int = 1,
    algorithm: ConvolutionAlgorithm = .direct
  ) {
    self.geometry = geometry
    self.groups = groups
    self.algorithm = algorithm
  }
}

/// The attributes of a convolution with what follows it.
public struct FusedConvolution: Hashable, Sendable {
  /// The convolution itself.
  public var convolution: Convolution
  /// Whether negative results become 0.
  public var appliesReLU: Bool
  /// The window of a max pool behind it, side by side and without padding; nil for no pool.
  public var poolSize: Size2D?

  /// Creates the attributes; a window has at most 255 pixels.
  public init(_ convolution: Convolution, appliesReLU: Bool, poolSize: Size2D? = nil) {
    self.convolution = convolution
    self.appliesReLU = appliesReLU
    self.poolSize = poolSize
  }

  /// How many of the convolution's results become one.
  var windowCount: Int { (poolSize?.height ?? 1) * (poolSize?.width ?? 1) }

  /// The number in the second output where a ReLU lets no gradient through.
  public static let noTap: UInt8 = 255
}

/// The attributes of a 2-D pooling.
public struct Pooling: Hashable, Sendable {
  /// The size of the window.
  public var kernel: Size2D
  /// How the window moves over the images; it can't be dilated, and the padding is less than the window.
  public var geometry: WindowGeometry
  /// Whether a mean divides by the whole window (PyTorch's default) or by its pixels inside the image (Keras's).
  public var countsPadding: Bool

  /// Creates the attributes; `countsPadding` matters only to means.
  public init(kernel: Size2D, _ geometry: WindowGeometry, countsPadding: Bool = false) {
    self.kernel = kernel
    self.geometry = geometry
    self.countsPadding = countsPadding
  }
}

/// The attributes of batch normalisation.
public struct BatchNormalization: Hashable, Sendable {
  /// What is added to the variance, so that the root of it can be divided by; 0 or more.
  public var epsilon: Double
  /// Whether what comes out below 0 becomes 0, in the same pass.
  public var relu: Bool

  /// Creates the attributes.
  public init(epsilon: Double = 1e-5, relu: Bool = false) {
    self.epsilon = epsilon
    self.relu = relu
  }
}

/// The attributes of group normalisation.
public struct GroupNormalization: Hashable, Sendable {
  /// Into how many groups of neighbours the channels are cut.
  public var groups: Int
  /// What is added to the variance, so that the root of it can be divided by; 0 or more.
  public var epsilon: Double

  /// Creates the attributes; the groups must divide the channels.
  public init(groups: Int, epsilon: Double = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }
}

/// One step of stochastic gradient descent, as PyTorch's `SGD` defines it: `g ← gradient + weightDecay · p`, `v ←
/// momentum · v + g`, `p ← p − learningRate · (nesterov ? g + momentum · v : v)`.
public struct SGDStep: Hashable, Sendable {
  /// The length of a step, in gradients.
  public var learningRate: Double
  /// The share of the velocity that is kept from step to step.
  public var momentum: Double
  /// The share of the parameter that is added to its gradient (L2 regularisation).
  public var weightDecay: Double
  /// Whether the step looks ahead along the velocity.
  public var nesterov: Bool

  /// Creates the attributes of a step.
  public init(learningRate: Double, momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }
}

/// One step of Adam or, with decoupled weight decay, AdamW, as PyTorch defines them. With `g` the gradient, to which
/// Adam adds weightDecay · p, and AdamW's p shortened to (1 − learningRate · weightDecay) · p before:
/// `m ← β₁ · m + (1 − β₁) · g`, `v ← β₂ · v + (1 − β₂) · g²`,
/// `p ← p − learningRate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)`.
///
/// Sources: Kingma and Ba, ICLR 2015; Loshchilov and Hutter, ICLR 2019.
public struct AdamStep: Hashable, Sendable {
  /// The length of a step where gradients agree with each other.
  public var learningRate: Double
  /// β₁, the share of the mean gradient that is kept from step to step.
  public var beta1: Double
  /// β₂, the share of the mean squared gradient that is kept.
  public var beta2: Double
  /// ε, what is added to the root that divides.
  public var epsilon: Double
  /// The share of the parameter that is added to its gradient or, decoupled, taken off it.
  public var weightDecay: Double
  /// Whether weight decay goes past the gradient (AdamW).
  public var decouplesWeightDecay: Bool
  /// t, the number of this step, from 1.
  public var step: Int

  /// Creates the attributes of a step.
  public init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decouplesWeightDecay: Bool = false, step: Int
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decouplesWeightDecay = decouplesWeightDecay
    self.step = step
  }

  /// What the parameter is multiplied by before the step: less than 1 where weight decay is decoupled.
  public var shrinkage: Double { decouplesWeightDecay ? 1 - learningRate * weightDecay : 1 }
  /// The share of the parameter that is added to its gradient.
  public var coupledDecay: Double { decouplesWeightDecay ? 0 : weightDecay }
  /// learningRate / (1 − β₁ᵗ): `m` begins at zero, and so is too small by this factor.
  public var stepSize: Double { learningRate / (1 - beta1.raised(to: step)) }
  /// √(1 − β₂ᵗ), for `v` likewise.
  public var rootCorrection: Double { (1 - beta2.raised(to: step)).squareRoot() }
}
