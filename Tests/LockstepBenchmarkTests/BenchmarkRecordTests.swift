import Foundation
import Lockstep
import Testing

@testable import LockstepBenchmark

@Suite("Records of benchmarks")
struct BenchmarkRecordTests {
  private static func file(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString).json").path
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test("a record is read back as it was, every number")
  func roundTrip() throws {
    var record = BenchmarkRecord(suite: "ops")
    var samples = Samples()
    samples.seconds = [0.1, 1 / 3.0, 2e-9]
    samples.pageFaultsPerCall = 0.25
    var figures = Benchmark.Figures()
    figures.floatingPointRate = 1e11 / 3
    record.benchmarks = [Benchmark(suite: "ops", name: "a", threads: 2, samples: samples, figures: figures)]
    record.peaks = [
      MachinePeak(threads: 2, sgemm: 1e11 / 7, sgemmSize: 2000, dgemm: 5e10, dgemmSize: 1000, bandwidth: nil)
    ]
    record.omissions = [Omission("b", reason: "there was no time left")]
    record.backends = [ReferenceBackend().descriptor]
    let path = try Self.file(record.json)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try BenchmarkRecord(contentsOf: path) == record)
  }

  @Test("the names that scripts rely on are there")
  func schema() throws {
    var record = BenchmarkRecord(suite: "ops")
    var samples = Samples()
    samples.seconds = [2, 1, 3]
    record.benchmarks = [Benchmark(suite: "ops", name: "a", threads: 2, samples: samples, figures: .init())]
    let json = try #require(try JSONSerialization.jsonObject(with: Data(record.json.utf8)) as? [String: Any])
    #expect(json["format"] as? String == "lockstep-bench" && json["formatVersion"] as? Int == 1)
    #expect((json["machine"] as? [String: Any])?["cpu"] is String)
    let benchmark = try #require((json["benchmarks"] as? [[String: Any]])?.first)
    #expect(benchmark["id"] as? String == "ops/a/2" && benchmark["threads"] as? Int == 2)
    #expect((benchmark["summary"] as? [String: Any])?["median"] as? Double == 2)
    #expect((benchmark["samples"] as? [String: Any])?["seconds"] as? [Double] == [2, 1, 3])
  }

  @Test(
    "what is no record is refused in a line that names the file",
    arguments: [
      ("", "is not what lockstep bench --json prints"), ("[1]", "is not what lockstep bench --json prints"),
      (#"{"format": "other", "formatVersion": 1}"#, "is not what lockstep bench --json prints"),
      (#"{"format": "lockstep-bench", "formatVersion": 2}"#, "has format 2, this Lockstep reads format 1"),
      (
        #"{"format": "lockstep-bench", "formatVersion": 1}"#,
        "is damaged: it is not a whole record of lockstep bench"
      ),
    ])
  func noRecord(text: String, message: String) throws {
    let path = try Self.file(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: BenchmarkRecordError.self) { try BenchmarkRecord(contentsOf: path) }
    #expect("\(try #require(error))" == "\(path) \(message)")
  }

  @Test("quartiles are NumPy's")
  func quartiles() {
    // >>> np.quantile([7, 1, 3, 10, 4, 8], [0, .25, .5, .75])  →  [1, 3.25, 5.5, 7.75]
    let summary = SampleSummary([7, 1, 3, 10, 4, 8])
    #expect(summary.minimum == 1 && summary.lowerQuartile == 3.25)
    #expect(summary.median == 5.5 && summary.upperQuartile == 7.75)
    #expect(SampleSummary([2]).upperQuartile == 2)
  }

  @Test(
    "work is warm when it no longer gets faster",
    arguments: [
      ([9, 5, 3, 2, 2, 2] as [Double], false), ([2, 2, 2, 2, 2, 2], true),
      ([2, 2, 2, 1.95, 1.95, 1.95], true),
      ([2, 2, 2, 1.8, 1.8, 1.8], false), ([1, 1, 1, 2, 2, 2], true), ([2, 2, 2, 2, 2], false),
    ])
  func steady(times: [Double], isSteady: Bool) {
    #expect(SteadyRule.isSteady(times) == isSteady)
  }
}
