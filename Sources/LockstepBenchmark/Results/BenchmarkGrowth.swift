/// How the time an image grows with the batch, or shrinks with the threads.
public struct BenchmarkGrowth: Hashable, Sendable {
  /// A benchmark, and what it is held against.
  public struct Row: Hashable, Sendable {
    /// The benchmark.
    public var name: String
    /// Its threads.
    public var threads: Int
    /// Images of a call.
    public var imageCount: Int
    /// Seconds an image.
    public var secondsPerImage: Double
    /// The time an image over that of the smallest batch: 1 is linear growth, less is better.
    public var timesSmallest: Double?
    /// The speed over that of the fewest threads of this run.
    public var timesFewestThreads: Double?
  }

  /// The rows, in the order of the benchmarks.
  public let rows: [Row]

  /// Looks at the benchmarks with images; those whose names differ in the number at the end alone are a series.
  public init(_ record: BenchmarkRecord) {
    let benchmarks = record.benchmarks.filter { $0.figures.imageCount != nil }
    func perImage(_ benchmark: Benchmark) -> Double {
      benchmark.summary.median / Double(benchmark.figures.imageCount ?? 1)
    }
    func series(_ benchmark: Benchmark) -> Substring {
      benchmark.name.prefix(upTo: benchmark.name.lastIndex(of: "-") ?? benchmark.name.endIndex)
    }
    rows = benchmarks.map { benchmark in
      let smallest = benchmarks.filter {
        series($0) == series(benchmark) && $0.threads == benchmark.threads
      }.min { $0.figures.imageCount ?? 0 < $1.figures.imageCount ?? 0 }
      let fewest = benchmarks.filter { $0.name == benchmark.name }.min { $0.threads < $1.threads }
      let isFirst = smallest?.id == benchmark.id
      let isFewest = fewest?.id == benchmark.id
      return Row(
        name: benchmark.name, threads: benchmark.threads, imageCount: benchmark.figures.imageCount ?? 1,
        secondsPerImage: perImage(benchmark),
        timesSmallest: isFirst ? nil : smallest.map { perImage(benchmark) / perImage($0) },
        timesFewestThreads: isFewest ? nil : fewest.map { perImage($0) / perImage(benchmark) })
    }
  }
}
