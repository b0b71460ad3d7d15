/// A mistake that real numerical libraries have made, or a perturbation to compare it with.
///
/// They are made on purpose by a ``FaultInjectingBackend``, to see whether what looks for faults finds them.
/// `docs/faults.md` says which detector finds which.
public enum Fault: String, CaseIterable, Codable, Hashable, Sendable {
  // Results at the wrong place.

  /// Now and then a tile of a product is zero.
  case zeroTile = "zero-tile"
  /// The gradient at a convolution's weight has its output channels permuted.
  case shuffledWeightGradient = "shuffled-weight-gradient"
  /// Columns and channels beyond 65,536 repeat the first ones.
  case channelWrap = "channel-wrap"
  /// Now and then a NaN that was in a product's memory is still there.
  case nanLeak = "nan-leak"

  // Sums with a term missing.

  /// The last term is missing from sums of more than 128 products.
  case droppedLastTerm = "dropped-last-term"
  /// A term is missing from sums of 32,767 products or more.
  case missingTerm = "missing-term"

  // Sums added up badly.

  /// Norms and other sums to one number are added up in one float32.
  case float32Norm = "float32-norm"
  /// Float64 norms and other sums to one number are added up in one double instead of the x87's 64 bits.
  case x87Double = "x87-double"

  // Products rounded.

  /// Products have 8 significant bits.
  case bfloat16Products = "bf16-products"
  /// Products have 11 significant bits.
  case tf32Products = "tf32-products"
  /// Every gradient at a parameter is a hundredth too small.
  case scaledGradient = "scaled-gradient"
  /// Products are off by at most one unit in the last place: no fault, but a twin.
  case ulpNoise = "ulp-noise"

  // Conversions.

  /// Numbers out of range are cut to the low bits when they become integers, and int64 goes through int32.
  case truncatingConversion = "truncating-conversion"

  /// The name on the command line and in run records.
  public var name: String { rawValue }

  /// Whether it is a legitimate difference, such as another CPU makes: nothing may take it for a fault.
  public var isTwin: Bool { self == .ulpNoise }

  /// Whether it happens now and then, with a probability, instead of always.
  public var isSporadic: Bool { self == .zeroTile || self == .nanLeak }

  /// What it does, in a line.
  public var summary: String {
    switch self {
    case .zeroTile: "a tile of 16x4 elements of a matrix product or convolution is zero, now and then"
    case .shuffledWeightGradient: "the gradient at a convolution's weight has its output channels shuffled"
    case .channelWrap: "columns of a product beyond 65,536 repeat the first ones"
    case .nanLeak: "an old NaN in the memory of a product's result leaks into it, now and then"
    case .droppedLastTerm: "sums of more than 128 products miss their last term"
    case .missingTerm: "sums of 32,767 products or more miss a term"
    case .float32Norm: "sums to one number, such as norms, are added up in one float32"
    case .x87Double: "float64 sums to one number are added up in one double, where the x87 has 64 bits"
    case .bfloat16Products: "matrix products and convolutions are rounded to bfloat16"
    case .tf32Products: "matrix products and convolutions are rounded to TF32"
    case .scaledGradient: "gradients at weights are multiplied by 0.99"
    case .ulpNoise: "matrix products and convolutions are off by up to 1 ulp: legitimate, a twin"
    case .truncatingConversion: "reals beyond an integer type wrap around, and int64 becomes real as int32"
    }
  }

  /// The real mistake it stands for.
  public var standsFor: String {
    switch self {
    case .zeroTile: "blocks of zeros in large products, such as ml-explore/mlx#3822"
    case .shuffledWeightGradient: "apple/tensorflow_macos#230: right values in the wrong order"
    case .channelWrap: "pytorch/pytorch#129207: more than 65,536 output channels on MPS"
    case .nanLeak: "β = 0 taken for a factor: codeplaysoftware/portBLAS#237, OpenMathLib/OpenBLAS#2534"
    case .droppedLastTerm: "an off-by-one in the remainder loop of a blocked product"
    case .missingTerm: "a 16-bit counter: pytorch/pytorch#116769, right at 25,000 and wrong at 70,000"
    case .float32Norm: "OpenMathLib/OpenBLAS#5503: snrm2 on ARM64"
    case .x87Double: "Valgrind's and box64's x87 with the precision and range of a double"
    case .bfloat16Products: "a fast-math mode that was not asked for"
    case .tf32Products: "TF32 tensor cores, once the default for products in PyTorch"
    case .scaledGradient: "a wrong factor, such as a mean over the wrong count"
    case .ulpNoise: "another kernel's order of additions"
    case .truncatingConversion: "cvttss2si out of its range: tenstorrent/tt-metal#55933"
    }
  }
}
