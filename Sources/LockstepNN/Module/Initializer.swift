public import LockstepCore

/// How a parameter's first value is made.
///
/// He, Glorot and LeCun draw from a distribution whose variance is 2 / fanIn, 2 / (fanIn + fanOut) and
/// 1 / fanIn; fanIn is the number of inputs an output sees. Sources: He et al., ICCV 2015; Glorot and Bengio,
/// AISTATS 2010; LeCun et al., "Efficient BackProp", 1998.
public enum Initializer: Hashable, Sendable {
  /// 0 everywhere.
  case zeros
  /// 1 everywhere.
  case ones
  /// One number everywhere.
  case constant(Double)
  /// From [−limit, limit), each equally likely.
  case uniform(limit: Double)
  /// Around 0.
  case normal(standardDeviation: Double)
  /// Uniform of variance 2 / fanIn: for ReLU and its kind.
  case heUniform
  /// Normal of variance 2 / fanIn: for ReLU and its kind.
  case heNormal
  /// Uniform of variance 2 / (fanIn + fanOut): for tanh, sigmoid and softmax.
  case glorotUniform
  /// Normal of variance 2 / (fanIn + fanOut): for tanh, sigmoid and softmax.
  case glorotNormal
  /// Uniform of variance 1 / fanIn.
  case lecunUniform
  /// Normal of variance 1 / fanIn, not truncated.
  case lecunNormal

  /// A value for a weight `[…, inputs, outputs]`, dimensions before the last two being a kernel's.
  public func makeTensor(
    _ shape: Shape, dtype: DType = .float32, using stream: inout RandomStream, on device: Device
  ) -> Tensor {
    let fans = Initializer.fans(of: shape)
    switch self {
    case .zeros: return .zeros(shape, dtype: dtype, on: device)
    case .ones: return .ones(shape, dtype: dtype, on: device)
    case .constant(let value): return .full(shape, value, dtype: dtype, on: device)
    case .uniform(let limit): return uniform(limit, shape, dtype, &stream, device)
    case .normal(let deviation): return normal(deviation, shape, dtype, &stream, device)
    // A uniform distribution over [−limit, limit) has the variance limit² / 3.
    case .heUniform: return uniform((6 / fans.in).squareRoot(), shape, dtype, &stream, device)
    case .glorotUniform:
      return uniform((6 / (fans.in + fans.out)).squareRoot(), shape, dtype, &stream, device)
    case .lecunUniform: return uniform((3 / fans.in).squareRoot(), shape, dtype, &stream, device)
    case .heNormal: return normal((2 / fans.in).squareRoot(), shape, dtype, &stream, device)
    case .glorotNormal:
      return normal((2 / (fans.in + fans.out)).squareRoot(), shape, dtype, &stream, device)
    case .lecunNormal: return normal((1 / fans.in).squareRoot(), shape, dtype, &stream, device)
    }
  }

  private func uniform(
    _ limit: Double, _ shape: Shape, _ dtype: DType, _ stream: inout RandomStream, _ device: Device
  ) -> Tensor {
    let limit = Float(limit)
    return Tensor.uniform(shape, in: -limit..<limit, using: &stream, on: device).asType(dtype)
  }

  private func normal(
    _ deviation: Double, _ shape: Shape, _ dtype: DType, _ stream: inout RandomStream, _ device: Device
  ) -> Tensor {
    Tensor.normal(shape, standardDeviation: deviation, using: &stream, on: device).asType(dtype)
  }

  /// How many inputs an output sees and how many outputs an input feeds, at least 1.
  static func fans(of shape: Shape) -> (in: Double, out: Double) {
    guard shape.rank >= 2 else { return (Double(max(1, shape.count)), Double(max(1, shape.count))) }
    let receptiveField = shape.dimensions.dropLast(2).reduce(1, *)
    return (Double(max(1, receptiveField * shape[-2])), Double(max(1, receptiveField * shape[-1])))
  }
}
