import Foundation
import Lockstep
import Testing

@Suite("Profiles of trainings")
struct TrainingProfileTests {
  private static let images = TinyTraining.images(12)
  private static let configuration = TrainingConfiguration(epochs: 2, batchSize: 4, learningRate: 0.1)

  /// Takes down the times of the steps.
  private final class Times: TrainingObserver {
    var seconds: [Double] = []

    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { seconds.append(report.seconds) }
  }

  /// A backend that computes when somebody waits for it, as one in another process does.
  private final class Deferring: BackendDecorator {
    static let delay = 0.002

    let inner: any Backend = ReferenceBackend()

    func synchronize() throws(BackendError) {
      usleep(UInt32(1e6 * Self.delay))
      try inner.synchronize()
    }
  }

  private struct Outcome {
    let profiler: TrainingProfiler
    let stepSeconds: [Double]
    let weights: [UInt8]
  }

  private static func train(
    on backend: any Backend = ReferenceBackend(), traceSteps: Int = 3
  ) throws -> Outcome {
    let profiling = ProfilingBackend(backend)
    let profiler = TrainingProfiler(profiling, traceSteps: traceSteps)
    let times = Times()
    let trainer = try TinyTraining.trainer(configuration, on: Device(profiling))
    try trainer.fit(images, test: images, observers: [profiler, times])
    return Outcome(profiler: profiler, stepSeconds: times.seconds, weights: try trainer.weights)
  }

  @Test("operations and the host's parts add up to the time of all steps but the first")
  func sum() throws {
    let outcome = try Self.train()
    let profile = outcome.profiler.profile
    #expect(profile.stepCount == 5 && profile.imageCount == 20)
    #expect(abs(profile.seconds - outcome.stepSeconds.dropFirst().reduce(0, +)) < 1e-12)
    let host = profile.host
    let parts =
      profile.rows.map(\.seconds) + [
        host.waitingSeconds, host.uploadSeconds, host.downloadSeconds, host.memorySeconds,
        profile.otherSeconds,
      ]
    #expect(abs(parts.reduce(0, +) - profile.seconds) < 1e-12)
    // Nothing was counted twice: what is left over is left over.
    #expect(parts.allSatisfy { $0 >= 0 })
    let phases: [Origin.Phase] = [.forward, .backward, .update]
    let inPhases = phases.reduce(0) { $0 + profile.seconds(in: $1) }
    #expect(abs(inPhases - profile.rows.reduce(0) { $0 + $1.seconds }) < 1e-12)
  }

  @Test("calls and operations are those of the steps: evaluations and the first step are not in them")
  func counts() throws {
    let rows = try Self.train().profiler.profile.rows
    func row(_ layer: String, _ operation: String, _ phase: Origin.Phase) throws -> TrainingProfile.Row {
      try #require(rows.first { $0.layer == layer && $0.operation == operation && $0.phase == phase })
    }
    let forward = try row("layers.1", "matmul", .forward)
    #expect(forward.callCount == 5)
    // Four images, four pixels, five units, two for each product, five steps.
    #expect(forward.floatingPointOperations == 800)
    // Nothing flows back into the images; the second dense layer's input has a gradient, too.
    #expect(try row("layers.1", "matmul", .backward).callCount == 5)
    #expect(try row("layers.3", "matmul", .backward).callCount == 10)
    let update = try row("", "sgd", .update)
    #expect(update.callCount == 4 * 5 && update.floatingPointOperations == nil)
    #expect(rows.map(\.seconds) == rows.map(\.seconds).sorted(by: >))
  }

  @Test("an operation's time is its own, where a backend computes later")
  func waiting() throws {
    let profile = try Self.train(on: Deferring()).profiler.profile
    #expect(profile.rows.allSatisfy { $0.seconds >= Double($0.callCount) * Deferring.delay })
  }

  @Test("the weights are those of a training without a profile")
  func weights() throws {
    let trainer = try TinyTraining.trainer(Self.configuration, on: referenceDevice())
    try trainer.fit(Self.images, test: Self.images)
    #expect(try Self.train().weights == trainer.weights)
  }

  // MARK: - The trace

  private struct Span {
    let name: String
    let track: Int
    let begin: Double
    let end: Double
    let details: [String: Any]
  }

  private static func spans(_ trace: ChromeTrace) throws -> [Span] {
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(trace.json.utf8)) as? [String: Any])
    let events = try #require(json["traceEvents"] as? [[String: Any]])
    return try events.filter { $0["ph"] as? String == "X" }.map { event in
      let begin = try #require(event["ts"] as? Double)
      return Span(
        name: try #require(event["name"] as? String), track: try #require(event["tid"] as? Int),
        begin: begin, end: begin + (try #require(event["dur"] as? Double)),
        details: try #require(event["args"] as? [String: Any]))
    }
  }

  @Test("a trace has the steps that were asked for, and tells of each operation's layer, shapes and rate")
  func trace() throws {
    let spans = try Self.spans(try Self.train(traceSteps: 3).profiler.trace)
    #expect(spans.filter { $0.track == 0 }.map(\.name) == ["step 1", "step 2", "step 3"])
    let product = try #require(
      spans.first { $0.name == "matmul" && $0.details["layer"] as? String == "layers.1" })
    #expect(product.details["operation"] as? String == "matmul" && product.details["step"] as? Int == 1)
    #expect((product.details["inputs"] as? [String])?.count == 2)
    #expect((product.details["outputs"] as? [String])?.first?.contains("[4, 5]") == true)
    #expect(product.details["gigaflopsPerSecond"] as? Double ?? 0 > 0)
    #expect(Set(spans.map(\.track)) == [0, 1, 2, 3, 4])
    #expect(spans.contains { $0.name == "upload" && $0.details["bytes"] as? Int == 4 * 4 * 4 })
  }

  @Test("on every track spans follow or hold each other, and none leaves its step")
  func nesting() throws {
    let spans = try Self.spans(try Self.train().profiler.trace)
    let steps = spans.filter { $0.track == 0 }
    // Times are in microseconds with three digits.
    let rounding = 0.002
    for track in Set(spans.map(\.track)) {
      var open: [Span] = []
      let sorted = spans.filter { $0.track == track }.sorted { ($0.begin, -$0.end) < ($1.begin, -$1.end) }
      for span in sorted {
        while let last = open.last, last.end <= span.begin + rounding { open.removeLast() }
        if let last = open.last { #expect(span.end <= last.end + rounding, "\(span) in \(last)") }
        open.append(span)
      }
    }
    for span in spans where span.track != 0 {
      let step = try #require(steps.first { $0.details["step"] as? Int == span.details["step"] as? Int })
      #expect(span.begin >= step.begin - rounding && span.end <= step.end + rounding, "\(span)")
    }
  }
}
