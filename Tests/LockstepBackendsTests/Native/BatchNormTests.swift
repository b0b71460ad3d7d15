import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

@Suite("Normalisation in C")
struct BatchNormTests {
  /// Every operation, on rows enough for several blocks, in both types.
  private static let cases = [
    OperationKind.batchNorm, .batchNormGradient, .batchNormInference, .groupNorm, .groupNormGradient,
  ].flatMap(\.cases)

  @Test("gives the same bits at every level: no FMA, and no sum that depends on the width of vectors")
  func levels() throws {
    let backends = try NativeBackend.availableISALevels.map { try NativeBackend(threads: 1, isaLevel: $0) }
    for (one, other) in zip(backends, backends.dropFirst()) {
      let report = Conformance.compareBits(one, with: other, cases: Self.cases)
      #expect(report.passed, "\(report)")
      #expect(report.caseCount > 100)
    }
  }

  /// Mean and variance of a channel with a large mean over a million rows, from the exact ones. One float32 for
  /// each sum would be 1e-2 off in the variance; E[x²] − E[x]² would have no right digit.
  @Test("is accurate at large counts", arguments: [Float(0), 1000])
  func accuracy(centre: Float) throws {
    let rows = 1_000_003
    var stream = RandomStream(seed: 7, purpose: .user, index: 0)
    let values = (0..<rows).map { _ in centre + 2 * stream.uniform() - 1 }
    let exact = values.map { Double($0) }
    let mean = exact.reduce(0, +) / Double(rows)
    let variance = exact.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
    let device = Device(try NativeBackend(threads: 2))
    let x = Tensor(values, shape: [rows, 1], on: device)
    let moments = x.batchNorm(scale: .ones([1], on: device), offset: .zeros([1], on: device))
    #expect(try (Double(moments.mean.item()) - mean).magnitude < 1e-7 * max(1, mean.magnitude))
    #expect(try (Double(moments.variance.item()) / variance - 1).magnitude < 2e-7)
  }
}
