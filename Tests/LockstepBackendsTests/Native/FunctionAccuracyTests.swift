import LockstepBackends
import LockstepCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The polynomials behind float32's exp, tanh and sigmoid against libm in double.
@Suite("Accuracy of float32 functions")
struct FunctionAccuracyTests {
  /// Floats of every sign and exponent, among them subnormal numbers, infinities and NaN.
  private static let samples: [Float] = stride(from: UInt32(0), to: .max - 8191, by: 8191).map {
    Float(bitPattern: $0)
  }

  @Test("exp is within 1.1 ulp, into the subnormal numbers", arguments: NativeBackend.availableISALevels)
  func exponential(_ level: String) throws {
    try expectAccuracy(.exp, level, ulps: 1.1) { exp($0) }
  }

  @Test("tanh is within 2 ulp, and exact near zero", arguments: NativeBackend.availableISALevels)
  func hyperbolicTangent(_ level: String) throws {
    try expectAccuracy(.tanh, level, ulps: 2) { tanh($0) }
    let tiny: [Float] = [0, -0.0, .leastNonzeroMagnitude, -1e-30, 1e-10]
    let got = try NativeBackend(isaLevel: level).floats(.unary(.tanh), [tiny])
    #expect(got.map(\.bitPattern) == tiny.map(\.bitPattern))
  }

  @Test("sigmoid is within 3 ulp on both sides", arguments: NativeBackend.availableISALevels)
  func logistic(_ level: String) throws {
    try expectAccuracy(.sigmoid, level, ulps: 3) { 1 / (1 + exp(-$0)) }
  }

  @Test(
    "the others are correctly rounded but for ties of double", arguments: NativeBackend.availableISALevels)
  func throughDouble(_ level: String) throws {
    try expectAccuracy(.log, level, ulps: 0.501) { log($0) }
    try expectAccuracy(.expm1, level, ulps: 0.501) { expm1($0) }
    try expectAccuracy(.log1p, level, ulps: 0.501) { log1p($0) }
    try expectAccuracy(.erf, level, ulps: 0.501) { erf($0) }
    try expectAccuracy(.sin, level, ulps: 0.501) { sin($0) }
    try expectAccuracy(.cos, level, ulps: 0.501) { cos($0) }
  }

  private func expectAccuracy(
    _ function: UnaryFunction, _ level: String, ulps: Double, _ exact: (Double) -> Double
  ) throws {
    let results = try NativeBackend(isaLevel: level).floats(.unary(function), [Self.samples])
    var worst = (error: 0.0, x: Float(0))
    for (x, result) in zip(Self.samples, results) {
      let error = error(of: result, exact(Double(x)))
      if error > worst.error { worst = (error, x) }
    }
    #expect(worst.error <= ulps, "\(function)(\(worst.x)) is \(worst.error) ulp off at \(level)")
  }

  /// The distance in units of the last place that the exact value's float has.
  private func error(of result: Float, _ exact: Double) -> Double {
    if exact.isNaN { return result.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if rounded.isInfinite || result.isInfinite || result.isNaN { return result == rounded ? 0 : .infinity }
    return abs(Double(result) - exact) / Double(max(rounded.magnitude, .leastNormalMagnitude).ulp)
  }
}
