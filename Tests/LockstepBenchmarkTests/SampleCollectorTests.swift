import Lockstep
import Testing

@testable import LockstepBenchmark

@Suite("Taking samples")
struct SampleCollectorTests {
  private static let soon = Deadline(in: 3600)

  @Test("the warm-up is forgotten, and counted")
  func warmUp() {
    var collector = SampleCollector(SamplePlan(seconds: 3600), until: Self.soon)
    for seconds in [9, 5, 3, 2, 2, 2, 2] as [Double] { collector.add(seconds) }
    // The last three, of 2, are still faster than those before them, of 5, 3 and 2; with the eighth they are not.
    #expect(collector.samples.seconds.isEmpty && !collector.samples.isSteady)
    collector.add(2)
    #expect(collector.samples.isSteady && collector.samples.warmUpCount == 8)
    collector.add(7)
    #expect(collector.samples.seconds == [7])
  }

  @Test("a sample is of as many calls as take a millisecond, where the work can be repeated")
  func calls() {
    var collector = SampleCollector(SamplePlan(seconds: 3600), until: Self.soon)
    collector.add(1e-5, isAdjustable: true)
    #expect(collector.callsPerSample == 100)
    var single = SampleCollector(SamplePlan(seconds: 3600), until: Self.soon)
    single.add(1e-5)
    #expect(single.callsPerSample == 1)
  }

  @Test("there are no more samples than an interval is worth")
  func most() {
    var collector = SampleCollector(SamplePlan(seconds: 3600), until: Self.soon)
    while !collector.isDone { collector.add(1) }
    #expect(collector.samples.seconds.count == 200 && collector.samples.isSteady)
  }

  @Test("when the time for all is over, one sample is enough; when its own is, nine")
  func least() {
    var late = SampleCollector(SamplePlan(seconds: 3600), until: Deadline(in: 0))
    while !late.isDone { late.add(1) }
    #expect(late.samples.seconds.count == 1 && late.samples.warmUpCount == 1)
    var short = SampleCollector(SamplePlan(seconds: 0), until: Self.soon)
    while !short.isDone { short.add(1) }
    #expect(short.samples.seconds.count == 9 && !short.samples.isSteady)
    #expect(SamplePlan(seconds: 0, rounds: 3).leastSamples == 3)
  }

  @Test("growth is told from the smallest batch and the fewest threads")
  func growth() throws {
    func benchmark(_ batch: Int, _ threads: Int, _ seconds: Double) -> Benchmark {
      var (samples, figures) = (Samples(), Benchmark.Figures())
      samples.seconds = [seconds]
      figures.imageCount = batch
      return Benchmark(
        suite: "train", name: "w1-train-\(batch)", threads: threads, samples: samples, figures: figures)
    }
    var record = BenchmarkRecord(suite: "train")
    record.benchmarks = [benchmark(1, 1, 2), benchmark(8, 1, 12), benchmark(1, 2, 1.25), benchmark(8, 2, 6)]
    let rows = BenchmarkGrowth(record).rows
    #expect(rows.map(\.secondsPerImage) == [2, 1.5, 1.25, 0.75])
    #expect(rows.map(\.timesSmallest) == [nil, 0.75, nil, 0.6])
    #expect(rows.map(\.timesFewestThreads) == [nil, nil, 1.6, 2])
  }
}
