import Foundation
import Lockstep

@testable import LockstepBenchmark
import Testing

@Suite("Comparing benchmarks")
struct BenchmarkComparisonTests {
  /// Times from 100 µs on, in steps of 1 µs, stretched.
  private static func times(_ factor: Double) -> [Double] {
    (0..<20).map { factor * (100 + Double($0)) * 1e-6 }
  }

  private static func record(_ times: [String: [Double]]) -> BenchmarkRecord {
    var record = BenchmarkRecord(suite: "ops")
    record.benchmarks = times.sorted { $0.key < $1.key }.map { name, seconds in
      var samples = Samples()
      samples.seconds = seconds
      return Benchmark(suite: "ops", name: name, threads: 1, samples: samples, figures: .init())
    }
    return record
  }

  @Test(
    "what is said of a ratio",
    arguments: [
      (0.5, BenchmarkComparison.Verdict.faster), (2, .slower), (1, .noDifferenceSeen),
      // The medians differ by 8 %, which samples that spread over 19 % don't show.
      (1.08, .noDifferenceSeen), (1.3, .slower), (1 / 1.3, .faster),
    ])
  func verdict(factor: Double, expected: BenchmarkComparison.Verdict) throws {
    let comparison = BenchmarkComparison(
      of: Self.record(["a": Self.times(factor)]), with: Self.record(["a": Self.times(1)]))
    let row = try #require(comparison.rows.first)
    #expect(row.verdict == expected)
    #expect(abs(row.ratio.ratio - factor) < 1e-12)
    #expect(row.id == "ops/a/1")
  }

  @Test("a ratio within the margin is no difference, however narrow the interval is")
  func margin() {
    let (old, new) = (
      Self.record(["a": .init(repeating: 1, count: 30)]),
      Self.record(["a": .init(repeating: 1.02, count: 30)])
    )
    #expect(BenchmarkComparison(of: new, with: old).rows[0].verdict == .noDifferenceSeen)
    #expect(BenchmarkComparison(of: new, with: old, margin: 0.01).rows[0].verdict == .slower)
  }

  @Test("two samples have no interval, and show nothing")
  func fewSamples() {
    let comparison = BenchmarkComparison(
      of: Self.record(["a": [9, 9]]), with: Self.record(["a": Self.times(1)]))
    #expect(comparison.rows[0].ratio.interval == nil)
    #expect(comparison.rows[0].verdict == .noDifferenceSeen)
  }

  @Test("what one run alone has is named, and not compared")
  func membership() {
    let times = Self.times(1)
    let comparison = BenchmarkComparison(
      of: Self.record(["a": times, "c": times]), with: Self.record(["a": times, "b": times]))
    #expect(comparison.rows.map(\.id) == ["ops/a/1"])
    #expect(comparison.onlyOld == ["ops/b/1"] && comparison.onlyNew == ["ops/c/1"])
  }

  @Test("another machine, version or backend is noted")
  func notes() {
    var old = Self.record([:])
    old.machine.loadAverage = 0
    var new = old
    #expect(BenchmarkComparison(of: new, with: old).notes.isEmpty)
    old.machine.cpu = "another CPU"
    old.lockstepVersion = "0.0.1"
    let notes = BenchmarkComparison(of: new, with: old).notes
    #expect(notes.count == 2 && notes[0].hasPrefix("CPU: another CPU, now "))
    new.machine.loadAverage = Double(new.machine.processors)
    #expect(
      BenchmarkComparison(of: new, with: old).notes.last?
        .hasPrefix("something else was running: load 0.00 before the earlier run, ") == true)
  }
}
