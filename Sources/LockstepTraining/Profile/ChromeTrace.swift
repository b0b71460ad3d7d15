import LockstepCore

/// The course of training steps in the format that Chrome's tracing, Perfetto and Speedscope read.
///
/// Source of the format: "Trace Event Format", Google, complete events (`"ph": "X"`). Times are microseconds.
public struct ChromeTrace: Sendable {
  /// What runs side by side in the picture.
  enum Track: Int, CaseIterable {
    case steps, forward, backward, update, data

    init(_ phase: Origin.Phase) {
      switch phase {
      case .forward: self = .forward
      case .backward: self = .backward
      case .update: self = .update
      }
    }

    var name: String { "\(self)" }
  }

  private struct Document: Encodable {
    let displayTimeUnit = "ms"
    let traceEvents: [Event]
  }

  /// What a viewer shows when an event is selected; what doesn't apply is left out.
  private struct Details: Encodable {
    var name: String?
    var step: Int?
    var layer: String?
    var operation: String?
    var inputs: [String]?
    var outputs: [String]?
    var gigaflopsPerSecond: Double?
    var bytes: Int?
  }

  private struct Event: Encodable {
    var name: String
    var ph = "X"
    var ts: Double?
    var dur: Double?
    let pid = 1
    var tid: Int
    var args: Details
  }

  private var events: [Event] = []

  /// A trace with the names of its tracks.
  init() {
    events = Track.allCases.map { track in
      Event(name: "thread_name", ph: "M", tid: track.rawValue, args: Details(name: track.name))
    }
  }

  /// The trace as JSON.
  public var json: String { JSON.encode(Document(traceEvents: events)) }

  /// Adds a step between two times of the backend's clock.
  mutating func add(_ recording: ProfilingBackend.Recording, step: Int, from begin: Double, to end: Double) {
    add("step \(step)", .steps, begin, end, Details(step: step))
    for span in Self.layers(recording.events) {
      add(span.layer, span.track, span.begin, span.end, Details(step: step, layer: span.layer))
    }
    for event in recording.events { add(event, step: step) }
  }

  private mutating func add(_ event: ProfilingBackend.Event, step: Int) {
    let end = event.begin + event.seconds
    switch event.kind {
    case .upload(let count):
      add("upload", .data, event.begin, end, Details(step: step, bytes: count))
    case .download(let count):
      add("download", .data, event.begin, end, Details(step: step, bytes: count))
    case .instruction(let instruction):
      let name = instruction.operation.name
      let operations = instruction.work.floatingPointOperations
      let details = Details(
        step: step, layer: instruction.origin.layer, operation: name,
        inputs: instruction.inputs.map { "\($0.spec)" }, outputs: instruction.outputs.map { "\($0.spec)" },
        gigaflopsPerSecond: operations.map { $0 / max(event.seconds, 1e-9) / 1e9 })
      add(name, Track(instruction.origin.phase), event.begin, end, details)
    }
  }

  private mutating func add(
    _ name: String, _ track: Track, _ begin: Double, _ end: Double, _ details: Details
  ) {
    let start = Self.microseconds(begin)
    events.append(
      Event(
        name: name, ts: start, dur: Self.microseconds(end) - start, tid: track.rawValue, args: details))
  }

  /// To a whole nanosecond, which is more than a clock tells.
  private static func microseconds(_ seconds: Double) -> Double { (seconds * 1e9).rounded() / 1e3 }

  /// A layer's turn: operations of one layer and phase that follow each other.
  private struct Span {
    let layer: String
    let track: Track
    let begin: Double
    var end: Double
  }

  private static func layers(_ events: [ProfilingBackend.Event]) -> [Span] {
    var spans: [Span] = []
    var isOpen = false
    for event in events {
      guard case .instruction(let instruction) = event.kind, !instruction.origin.layer.isEmpty else {
        isOpen = false
        continue
      }
      let (layer, track) = (instruction.origin.layer, Track(instruction.origin.phase))
      let end = event.begin + event.seconds
      if isOpen, let last = spans.last, last.layer == layer, last.track == track {
        spans[spans.count - 1].end = end
      } else {
        spans.append(Span(layer: layer, track: track, begin: event.begin, end: end))
        isOpen = true
      }
    }
    return spans
  }
}
