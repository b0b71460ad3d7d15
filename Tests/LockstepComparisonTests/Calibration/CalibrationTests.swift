import Foundation
import Lockstep
import Testing

/// Measures how often the verdicts are wrong, on real trainings: docs/comparison.md has the table.
///
/// `LOCKSTEP_CALIBRATION=1 scripts/test --filter Calibration` takes minutes; a number above 1 is that of seeds.
@Suite(
  "Calibration", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["LOCKSTEP_CALIBRATION"] != nil))
struct CalibrationTests {
  /// Seeds of a comparison by growth, as the method has it.
  private static let seedCount = 3
  /// Twins of each seed.
  private static let twinCount = 5
  /// The fewest seeds that comparing final losses can find anything with.
  private static let finalSeedCount = 8
  /// Random choices of seeds for each pair of healthy engines, and for each fault.
  private static let (drawCount, faultDrawCount) = (12, 100)

  private static let faults: [Fault] = [
    .bfloat16Products, .tf32Products, .droppedLastTerm, .scaledGradient, .shuffledWeightGradient,
  ]

  private static let seeds: Range<UInt64> = {
    let wanted = ProcessInfo.processInfo.environment["LOCKSTEP_CALIBRATION"].flatMap(UInt64.init) ?? 0
    return 0..<max(16, wanted)
  }()

  /// Engines whose curves differ from each other's, with the curve of each seed.
  private typealias Trained = (name: String, curves: [LossCurve])

  @Test("healthy kernels are called diverged at most once in a hundred times, faults nearly always")
  func calibrate() throws {
    let healthy = try Self.distinct(CalibrationEngine.healthy)
    try #require(healthy.count >= 4, "this machine runs too few kernels that differ")
    Self.say("healthy: \(healthy.map(\.name).joined(separator: "; ")); \(Self.seeds.count) seeds")
    var random = RandomStream(seed: 1, purpose: .user)

    var alarms = Tally()
    for a in healthy.indices {
      for b in healthy.indices where b != a {
        let others = healthy.indices.filter { $0 != a && $0 != b }.map { healthy[$0] }
        let tally = Self.tally(healthy[a], healthy[b], others, &random)
        alarms.add(tally)
      }
    }
    Self.say("healthy pairs: \(alarms)")
    #expect(alarms.share(alarms.diverged) <= 0.01)

    for fault in Self.faults {
      let engine = CalibrationEngine.faulty(fault)
      let faulty = (name: engine.name, curves: try #require(try engine.curves(seeds: Self.seeds)))
      let tally = Self.tally(
        healthy[0], faulty, Array(healthy.dropFirst()), &random, draws: Self.faultDrawCount)
      Self.say("\(fault.name): \(tally)")
      #expect(tally.equivalent == 0 && tally.equivalentWithoutTwins == 0, "\(fault.name) is no rounding")
      #expect(tally.share(tally.diverged) >= 0.99, "\(fault.name)")
    }
  }

  /// Says how far the measurement is; not by `print`, whose lines would come at the end.
  private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  private static func distinct(_ engines: [CalibrationEngine]) throws -> [Trained] {
    var trained: [Trained] = []
    for engine in engines {
      guard let curves = try engine.curves(seeds: seeds) else {
        say("\(engine.name) does not run here")
        continue
      }
      if let same = trained.first(where: { $0.curves.map(\.losses) == curves.map(\.losses) }) {
        say("\(engine.name) is \(same.name) bit for bit")
      } else {
        trained.append((engine.name, curves))
      }
    }
    return trained
  }

  /// What the verdicts on random choices of seeds are.
  private static func tally(
    _ a: Trained, _ b: Trained, _ others: [Trained], _ random: inout RandomStream,
    draws: Int = CalibrationTests.drawCount
  ) -> Tally {
    var tally = Tally()
    for _ in 0..<draws {
      let chosen = choose(finalSeedCount, of: seeds.count, &random)
      let few = Array(chosen.prefix(seedCount))
      let twins = choose(min(twinCount, others.count), of: others.count, &random).flatMap { twin in
        few.map { others[twin].curves[$0] }
      }
      // Of curves with different labels no set can be wrong.
      let first = try! CurveSet(a.name, few.map { a.curves[$0] })
      let second = try! CurveSet(b.name, few.map { b.curves[$0] })
      tally.count += 1
      switch CurveComparison(first, second, twins: twins).verdict {
      case .diverged: tally.diverged += 1
      case .equivalent: tally.equivalent += 1
      default: break
      }
      if CurveComparison(first, second).verdict == .equivalent { tally.equivalentWithoutTwins += 1 }
      let differences = chosen.map { b.curves[$0].finalLoss - a.curves[$0].finalLoss }
      if SignFlipTest.mean(differences) <= GrowthTest.significance { tally.finalsDiffer += 1 }
    }
    return tally
  }

  private static func choose(_ count: Int, of total: Int, _ random: inout RandomStream) -> [Int] {
    var all = Array(0..<total)
    for index in 0..<count { all.swapAt(index, index + random.next(below: total - index)) }
    return Array(all.prefix(count))
  }

  /// Verdicts counted.
  private struct Tally: CustomStringConvertible {
    var count = 0
    /// By growth, three seeds and five twins.
    var diverged = 0
    var equivalent = 0
    /// Three seeds, no twins: by the bound alone.
    var equivalentWithoutTwins = 0
    /// By final losses, eight seeds.
    var finalsDiffer = 0

    func share(_ number: Int) -> Double { Double(number) / Double(count) }

    mutating func add(_ other: Tally) {
      count += other.count
      diverged += other.diverged
      equivalent += other.equivalent
      equivalentWithoutTwins += other.equivalentWithoutTwins
      finalsDiffer += other.finalsDiffer
    }

    var description: String {
      func percent(_ number: Int) -> String {
        let interval = Proportions.interval(number, of: count)
        func fixed(_ value: Double) -> String { String(format: "%.1f", 100 * value) }
        return "\(fixed(share(number))) % (\(fixed(interval.lowerBound))–\(fixed(interval.upperBound)))"
      }
      return "\(count) comparisons, DIVERGED \(percent(diverged)), EQUIVALENT \(percent(equivalent)), "
        + "without twins EQUIVALENT \(percent(equivalentWithoutTwins)), final losses differ \(percent(finalsDiffer))"
    }
  }
}
