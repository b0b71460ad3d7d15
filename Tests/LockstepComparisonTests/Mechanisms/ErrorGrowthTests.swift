import Foundation
import Lockstep
import Testing

@testable import LockstepComparison
@testable import LockstepCore

/// Tests/Goldens/summation.json: NumPy's sums in float32, of numbers from a formula.
private struct SummationGolden: Decodable {
  let count: Int
  /// By number of accumulators, as bits.
  let accumulators: [String: UInt32]
  /// `numpy.sum`, as bits.
  let pairwise: UInt32

  static func load() throws -> [SummationGolden] {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Goldens/summation.json")
    return try JSONDecoder().decode([SummationGolden].self, from: Data(contentsOf: path))
  }

  /// The formula of scripts/goldens/formula.py: `uniform(count, [count], 2)`.
  var terms: [Float] {
    (0..<UInt32(count)).map { index in
      var hash = index &* 2_654_435_761 &+ UInt32(count) &* 40503 &+ 12345
      hash ^= hash >> 16
      hash = hash &* 2_246_822_519
      hash ^= hash >> 13
      return Float((Double(hash) / 0x1p32 - 0.5) * 2)
    }
  }
}

@Suite("Ways of adding")
struct SummationTests {
  @Test func `sums have NumPy's bits, whatever the number of accumulators`() throws {
    let goldens = try SummationGolden.load()
    #expect(goldens.count >= 10)
    for golden in goldens {
      for (count, bits) in golden.accumulators {
        let accumulators = try #require(Int(count).flatMap(Summation.Accumulators.init(rawValue:)))
        #expect(
          Summation.accumulators(accumulators)(golden.terms).bitPattern == bits,
          "\(golden.count) terms, \(count) accumulators")
      }
      #expect(Summation.pairwise(golden.terms).bitPattern == golden.pairwise, "\(golden.count) terms")
    }
  }

  @Test func `a running sum stops where terms are half a unit of it`() {
    // 2²⁴ + 1 is not a float32; 2²⁴ + 2 is.
    let terms = [0x1p24] + [Float](repeating: 1, count: 64)
    #expect(Summation.accumulators(.one)(terms) == 0x1p24)
    // Lane 0 holds 2²⁴ and stays; the other's 32 ones come together before they meet it.
    #expect(Summation.accumulators(.two)(terms) == 0x1p24 + 32)
  }
}

@Suite("Growth of errors")
struct ErrorGrowthTests {
  private func run(
    _ subjects: [GrowthSubject], counts: [Int], draws: Int = 3, seconds: Double = 600
  ) -> ErrorGrowth {
    var experiment = ErrorGrowthExperiment(
      subjects, counts: counts, drawCount: draws, until: Deadline(in: seconds))
    return experiment.run()
  }

  @Test func `more accumulators make smaller errors, and pairwise ones hardly any`() throws {
    let result = run(
      [.accumulators(.one), .accumulators(.thirtyTwo), .pairwise].map { GrowthSubject($0) },
      counts: [100, 1000, 10_000])
    func error(_ name: String) throws -> Double {
      try #require(result.series(of: .sum, by: name)?.points.last).median
    }
    #expect(try error("1 accumulator") > 4 * error("32 accumulators"))
    #expect(try error("pairwise") < 2)
    let exponent = try #require(result.series(of: .sum, by: "1 accumulator")?.exponent)
    #expect(exponent > 0.2 && exponent < 1.1)
    #expect(result.note == nil)
  }

  @Test func `one-pass variance loses what two passes keep`() throws {
    let result = run([GrowthSubject(.accumulators(.one))], counts: [10_000])
    let onePass = try #require(result.series(of: .onePassVariance, by: "1 accumulator")?.points.last)
    let twoPass = try #require(result.series(of: .twoPassVariance, by: "1 accumulator")?.points.last)
    // u · (mean² + variance) / variance is 10⁶ u: what one rounding of the mean square does.
    #expect(onePass.median > 1e5)
    #expect(twoPass.median < 1e3)
    #expect(try abs(#require(onePass.exact) - 1) < 0.1)
    #expect(onePass.exact == twoPass.exact)
  }

  @Test func `an exact result has no error, and one that is not a number an infinite one`() {
    let draw = NumberDraw(count: 8, index: 0)
    for quantity in [ErrorGrowth.Quantity.sum, .dot, .twoPassVariance] {
      let exact = ExactFigure(quantity, of: draw)
      let rounded = Float(exact.single ?? 0)
      #expect(exact.error(of: [rounded]) <= 1)
      #expect(exact.error(of: [rounded.nextUp.nextUp.nextUp]) > 1)
      #expect(exact.error(of: [.nan]) == .infinity)
    }
  }

  @Test func `the exact product is that of the reference backend`() throws {
    let draw = NumberDraw(count: 400, index: 1)
    let blas = KernelCandidate("reference") { Device(ReferenceBackend()) }
    let result = run([GrowthSubject(blas: blas)], counts: [400])
    // Added in double precision and rounded once.
    #expect(try #require(result.series(of: .matmul, by: "reference")?.points.last).median <= 1)
    #expect(try #require(result.series(of: .dot, by: "reference")?.points.last).median <= 1)
    #expect(result.series(of: .matmul, by: "reference")?.points.last?.count == draw.inner)
  }

  @Test func `kernels of every level are measured, with errors of a few roundings`() throws {
    let subjects = NativeBackend.availableISALevels.map { level in
      GrowthSubject(kernels: level) { try Engine.native(isaLevel: level).makeDevice(threads: 1) }
    }
    let result = run(subjects, counts: [100, 1000])
    for series in result.series where series.quantity != .onePassVariance {
      #expect(series.problem == nil)
      #expect(series.points.count == 2)
      #expect(series.points.allSatisfy { $0.median < 100 }, "\(series.name) \(series.quantity)")
    }
  }

  @Test func `what does not start is named with the reason`() throws {
    let missing = GrowthSubject(
      blas: KernelCandidate("missing") { () throws -> Device in
        throw BackendError.handshakeMismatch(what: "BLAS core", expected: "missing", found: "Haswell")
      })
    let result = run([missing, GrowthSubject(.pairwise)], counts: [100])
    let series = try #require(result.series(of: .dot, by: "missing"))
    #expect(series.problem?.contains("BLAS core should be missing") == true)
    #expect(series.points.isEmpty)
    #expect(result.series(of: .dot, by: "pairwise")?.points.count == 1)
  }

  @Test func `without time nothing is computed, and that is said`() {
    let result = run([GrowthSubject(.pairwise)], counts: [100, 1000], seconds: 0)
    #expect(result.series.allSatisfy { $0.points.isEmpty })
    #expect(result.note == "there was no time for n = 100; there was no time for n = 1000")
  }

  @Test func `the exponent is the slope of the logarithms`() {
    var series = ErrorGrowth.Series(quantity: .sum, name: "made up", kind: .plain, points: [])
    #expect(series.exponent == nil)
    for count in [100, 1000, 10_000] {
      let error = 3 * Double(count).squareRoot()
      series.points.append(ErrorGrowth.Point(count: count, errors: [error]))
    }
    #expect(abs((series.exponent ?? 0) - 0.5) < 1e-12)
  }
}
