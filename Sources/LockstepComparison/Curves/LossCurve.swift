public import LockstepTraining

/// The losses of one training, step by step, and what is known of the training.
public struct LossCurve: Hashable, Sendable {
  /// What it is called, such as the run's folder.
  public var label: String
  /// What the training's random numbers come from, if known.
  public var seed: UInt64?
  /// The steps that have a loss, rising. A training of ours has all of them, from 1.
  public var steps: [Int]
  /// The loss at each of them; not always finite.
  public var losses: [Double]
  /// The epoch of each step, if known.
  public var epochs: [Int]?
  /// Seconds that each step took, if known.
  public var secondsPerStep: [Double]?
  /// Seconds that each epoch took, if known.
  public var epochSeconds: [Double]
  /// The last decimal place that the losses were written with, such as 0.0001; 0 where they are exact.
  public var quantum: Double
  /// What is known of a run of ours; nil of a curve from elsewhere.
  public var record: RunRecord?
  /// The SHA-256 of a run's model specification without its comments, if there is one.
  public var modelDigest: String?

  /// Creates a curve; traps unless there is a loss for each step, and an epoch and a time for each if any.
  public init(
    _ label: String, seed: UInt64? = nil, steps: [Int], losses: [Double], epochs: [Int]? = nil,
    secondsPerStep: [Double]? = nil, epochSeconds: [Double] = [], quantum: Double = 0,
    record: RunRecord? = nil, modelDigest: String? = nil
  ) {
    precondition(steps.count == losses.count, "\(label): \(losses.count) losses of \(steps.count) steps")
    precondition(epochs.map { $0.count == steps.count } ?? true, "\(label): an epoch for each step, or none")
    precondition(
      secondsPerStep.map { $0.count == steps.count } ?? true, "\(label): a time for each step, or none")
    self.label = label
    self.seed = seed
    self.steps = steps
    self.losses = losses
    self.epochs = epochs
    self.secondsPerStep = secondsPerStep
    self.epochSeconds = epochSeconds
    self.quantum = quantum
    self.record = record
    self.modelDigest = modelDigest
  }

  /// The losses of a training of ours, from its step reports.
  public init(_ label: String, _ reports: [StepReport], record: RunRecord) {
    self.init(
      label, seed: record.configuration.seed, steps: reports.map(\.step),
      losses: reports.map { Double($0.loss) }, epochs: reports.map(\.epoch),
      secondsPerStep: reports.map(\.seconds), epochSeconds: record.timing?.epochSeconds ?? [],
      record: record)
  }

  /// The losses' bits as float32; nil if they are not float32 numbers.
  public var float32Bits: [UInt32]? {
    let isFloat = losses.allSatisfy { $0.isNaN || Double(Float($0)) == $0 }
    return isFloat ? losses.map { Float($0).bitPattern } : nil
  }

  /// The loss at the end: the mean over the last epoch, or where epochs are not known, over the last twentieth
  /// of the steps. NaN without steps.
  public var finalLoss: Double {
    if let epochs, let last = epochs.last {
      return Array(zip(epochs, losses).filter { $0.0 == last }.map(\.1)).mean
    }
    return Array(losses.suffix(max(1, losses.count / 20))).mean
  }

  /// What is wrong with an operation that stopped the training; nil unless one did.
  public var faultyOperation: String? {
    guard let record, record.status == .failed, let failure = record.failure,
      let title = failure.ranges(of: Verdict.faultyOperation.title).first
    else { return nil }
    let rest = failure[title.upperBound...].drop { $0 == ":" || $0 == " " }
    return rest.isEmpty ? failure : String(rest)
  }
}
