import Lockstep
import LockstepBenchmark
import LockstepCore
import LockstepReports

/// A run of benchmarks as tables, one for each number of threads.
struct BenchTables {
  static let unsteadyNote = "* still getting faster when the time for its warm-up was over"

  private let record: BenchmarkRecord

  init(_ record: BenchmarkRecord) { self.record = record }

  var tables: [Table] {
    let tables = record.peaks.compactMap { peak in
      let benchmarks = record.benchmarks.filter { $0.threads == peak.threads }
      return benchmarks.isEmpty ? nil : table(benchmarks, caption(peak))
    }
    return tables + [growth].compactMap(\.self)
  }

  private func caption(_ peak: MachinePeak) -> String {
    let threads = peak.threads == 1 ? "1 thread" : "\(peak.threads) threads"
    let products =
      "sgemm \(rate(peak.sgemm)) GFLOP/s (\(peak.sgemmSize)³), dgemm \(rate(peak.dgemm)) (\(peak.dgemmSize)³)"
    let memory = peak.bandwidth.map { ", memory \(rate($0)) GB/s (triad)" } ?? ""
    return "\(threads): this machine's best is \(products)\(memory)"
  }

  private func table(_ benchmarks: [Benchmark], _ caption: String) -> Table {
    record.suite == "train" ? trainings(benchmarks, caption) : operations(benchmarks, caption)
  }

  private func operations(_ benchmarks: [Benchmark], _ caption: String) -> Table {
    Table(
      caption,
      columns: [
        "benchmark", .number("time"), .number("±"), .number("GFLOP/s"), .number("peak"), .number("GB/s"),
        .number("memory"),
      ],
      rows: benchmarks.map { benchmark in
        let figures = benchmark.figures
        return [
          Table.Cell(benchmark.name), Table.Cell(time(benchmark)), Table.Cell(spread(benchmark)),
          Table.Cell(figures.floatingPointRate.map(rate) ?? ""),
          Table.Cell(figures.shareOfPeak.map(percent) ?? ""), Table.Cell(figures.byteRate.map(rate) ?? ""),
          Table.Cell(figures.shareOfBandwidth.map(percent) ?? ""),
        ]
      })
  }

  private func trainings(_ benchmarks: [Benchmark], _ caption: String) -> Table {
    Table(
      caption,
      columns: [
        "benchmark", .number("time"), .number("±"), .number("images/s"), .number("GFLOP/s"),
        .number("peak"), .number("faults"), .number("memory"),
      ],
      rows: benchmarks.map { benchmark in
        let figures = benchmark.figures
        return [
          Table.Cell(benchmark.name), Table.Cell(time(benchmark)), Table.Cell(spread(benchmark)),
          Table.Cell(figures.imagesPerSecond.map { NumberFormat.grouped(Int($0.rounded())) } ?? ""),
          Table.Cell(figures.floatingPointRate.map(rate) ?? ""),
          Table.Cell(figures.shareOfPeak.map(percent) ?? ""),
          Table.Cell(NumberFormat.significant(benchmark.samples.pageFaultsPerCall)),
          Table.Cell(figures.peakMemoryBytes.map { "\(NumberFormat.significant($0 / 1e6)) MB" } ?? ""),
        ]
      })
  }

  /// How the time an image changes with batch and threads, where several were measured.
  private var growth: Table? {
    let rows = BenchmarkGrowth(record).rows.filter {
      $0.timesSmallest != nil || $0.timesFewestThreads != nil
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      "Growth: 1 is as long an image as in the smallest batch, or as fast as with the fewest threads",
      columns: [
        "benchmark", .number("threads"), .number("an image"), .number("times as long"),
        .number("times as fast"),
      ],
      rows: rows.map { row in
        [
          Table.Cell(row.name), Table.Cell("\(row.threads)"), Table.Cell(Phrases.time(row.secondsPerImage)),
          Table.Cell(row.timesSmallest.map(NumberFormat.ratio) ?? ""),
          Table.Cell(row.timesFewestThreads.map(NumberFormat.ratio) ?? ""),
        ]
      })
  }

  private func time(_ benchmark: Benchmark) -> String {
    Phrases.time(benchmark.summary.median) + (benchmark.samples.isSteady ? "" : "*")
  }

  private func spread(_ benchmark: Benchmark) -> String {
    "\(NumberFormat.significant(benchmark.summary.spread * 100))%"
  }

  private func rate(_ perSecond: Double) -> String { NumberFormat.significant(perSecond / 1e9) }

  private func percent(_ share: Double) -> String { "\(NumberFormat.fixed(share * 100, 0))%" }
}
