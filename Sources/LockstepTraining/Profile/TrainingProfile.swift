public import LockstepCore

/// Where the time of training steps went.
public struct TrainingProfile: Hashable, Sendable {
  /// An operation of a layer in a part of the steps.
  public struct Row: Hashable, Sendable {
    /// The path of the layer; empty outside of one.
    public let layer: String
    /// The operation's name.
    public let operation: String
    /// The part of the step.
    public let phase: Origin.Phase
    /// How often it was computed, in all steps.
    public fileprivate(set) var callCount = 0
    /// How long that took, in all.
    public fileprivate(set) var seconds = 0.0
    /// How many floating-point operations that were by definition; nil of operations without a count.
    public fileprivate(set) var floatingPointOperations: Double?
  }

  /// What is no operation.
  public struct Host: Hashable, Sendable {
    /// From the end of a step to the first thing the next one asks of the backend: waiting for the batch, and
    /// what records and reports the step before.
    public fileprivate(set) var waitingSeconds = 0.0
    /// Copying batches and numbers to the backend.
    public fileprivate(set) var uploadSeconds = 0.0
    /// Copying results from the backend.
    public fileprivate(set) var downloadSeconds = 0.0
    /// Having memory for results, and giving it back.
    public fileprivate(set) var memorySeconds = 0.0
  }

  /// How many steps it is of.
  public private(set) var stepCount = 0
  /// Images of those steps.
  public private(set) var imageCount = 0
  /// How long they took from end to end.
  public private(set) var seconds = 0.0
  /// What is no operation, but for what is left over.
  public private(set) var host = Host()

  private var table: [Key: Row] = [:]

  private struct Key: Hashable {
    let layer: String
    let operation: String
    let phase: Origin.Phase
  }

  /// Nothing was profiled yet.
  init() {}

  /// The operations, those that took longest first.
  public var rows: [Row] {
    table.values.sorted {
      ($1.seconds, $0.layer, $0.operation) < ($0.seconds, $1.layer, $1.operation)
    }
  }

  /// How long the operations of a part took, in all steps.
  public func seconds(in phase: Origin.Phase) -> Double {
    table.values.reduce(0) { $1.phase == phase ? $0 + $1.seconds : $0 }
  }

  /// What is left of ``seconds``: the tape, shapes, the host's program, and the profile itself.
  public var otherSeconds: Double {
    seconds - table.values.reduce(0) { $0 + $1.seconds } - host.waitingSeconds - host.uploadSeconds
      - host.downloadSeconds - host.memorySeconds
  }

  /// Adds a step that took so long and ended at a time of the backend's clock.
  mutating func add(
    _ recording: ProfilingBackend.Recording, imageCount: Int, seconds: Double, end: Double
  ) {
    stepCount += 1
    self.imageCount += imageCount
    self.seconds += seconds
    host.memorySeconds += recording.memorySeconds
    if let begin = recording.begin { host.waitingSeconds += max(0, begin - (end - seconds)) }
    for event in recording.events {
      switch event.kind {
      case .upload: host.uploadSeconds += event.seconds
      case .download: host.downloadSeconds += event.seconds
      case .instruction(let instruction): add(instruction, event.seconds)
      }
    }
  }

  private mutating func add(_ instruction: Instruction, _ seconds: Double) {
    let (name, origin) = (instruction.operation.name, instruction.origin)
    let key = Key(layer: origin.layer, operation: name, phase: origin.phase)
    var row = table[key] ?? Row(layer: origin.layer, operation: name, phase: origin.phase)
    row.callCount += 1
    row.seconds += seconds
    if let operations = instruction.work.floatingPointOperations {
      row.floatingPointOperations = (row.floatingPointOperations ?? 0) + operations
    }
    table[key] = row
  }
}
