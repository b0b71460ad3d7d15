import Foundation
import Lockstep
import Testing

@Suite("Verdicts on real trainings")
struct TrainingVerdictTests {
  private let folder = TemporaryFolder()

  private func native() throws -> Device { Device(try NativeBackend(threads: 2)) }
  private func control() throws -> Device { Device(try EmulatedBackend(translator: .none, threads: 2)) }

  private func set(_ name: String, seeds: Range<UInt64>, epochs: Int = 3, on device: Device) throws
    -> CurveSet
  {
    let curves = try seeds.map { seed in
      try DigitsTraining.run("\(name)-seed\(seed)", in: folder, seed: seed, epochs: epochs, on: device)
    }
    return try CurveSet(name, curves)
  }

  @Test("native twice with one seed is IDENTICAL")
  func same() throws {
    let a = try set("a", seeds: 0..<1, epochs: 1, on: native())
    let b = try set("b", seeds: 0..<1, epochs: 1, on: native())
    let comparison = CurveComparison(a, b)
    #expect(comparison.headline == "IDENTICAL: every loss and the final weights")
    #expect(comparison.partings.map(\.firstDifferentStep) == [nil])
    #expect(comparison.configuration.isEmpty)
  }

  @Test("different seeds are NOT COMPARABLE by pair, and as sets neither diverged nor faulty")
  func seeds() throws {
    let device = try native()
    let a = try set("a", seeds: 0..<3, epochs: 1, on: device)
    let b = try set("b", seeds: 3..<6, epochs: 1, on: device)
    let pair = CurveComparison(try CurveSet("a", [a.curves[0]]), try CurveSet("b", [b.curves[0]]))
    #expect(pair.verdict == .notComparable)
    #expect(
      pair.reason
        == "different configuration.seed, initialWeightsDigest: configuration.seed is 0 and 3; if these are seeds of two sets, put `vs` between the sets"
    )
    let sets = CurveComparison(a, b)
    #expect(sets.verdict == .inconclusive && sets.pairCount == 0)
    #expect(sets.evidence[0].finding == "the same data, settings, order of images but for the seeds")
    let p = try #require(sets.evidence[5].pValue)
    #expect((0.1...1).contains(p), "two of the twenty ways to deal out three and three are the most extreme")
  }

  @Test("native and the control worker differ by rounding, which three seeds show, and never diverge")
  func dispatch() throws {
    let a = try set("native", seeds: 0..<3, on: native())
    let b = try set("control-x86", seeds: 0..<3, on: control())
    let comparison = CurveComparison(a, b)
    #expect(comparison.title == "EQUIVALENT (rounding)", "\(comparison.headline)")
    #expect(comparison.partings.allSatisfy { $0.firstDifferentStep != nil })
    #expect(comparison.configuration.contains { $0.key == "backend.name" && !$0.isDeciding })
    let time = try #require(comparison.time)
    #expect(time.unit == "epoch" && time.ratio.interval?.contains(time.ratio.ratio) == true)
    #expect(CurveComparison(a, b).reason == comparison.reason, "a comparison is a function of the curves")
    // Of one seed the same is seen, and no verdict made of it.
    let one = CurveComparison(try CurveSet("a", [a.curves[0]]), try CurveSet("b", [b.curves[0]]))
    #expect(one.verdict == .inconclusive && one.seedsNeeded == 3)
  }

  @Test(
    "control and emulated are IDENTICAL: translation is innocent",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-x86_64")))
  func translation() throws {
    let a = try set("control-x86", seeds: 0..<1, epochs: 1, on: control())
    let emulated = Device(try EmulatedBackend(translator: .qemu, threads: 2))
    let b = try set("emulated-x86", seeds: 0..<1, epochs: 1, on: emulated)
    #expect(CurveComparison(a, b).verdict == .identical)
  }
}
