public import LockstepCore
import LockstepData

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What was trained on what, and what came of it: `run.json`.
///
/// Scripts rely on these names: `backend.name`, `backend.blasCore`, `backend.isaLevel`, `backend.threads`,
/// `dataset.digest`, `initialWeightsDigest`, `result.weightsDigest`, `result.testAccuracy`, `result.testLoss`,
/// `timing.secondsPerEpoch`, `timing.imagesPerSecond`.
public struct RunRecord: Codable, Hashable, Sendable {
  /// How far a run is.
  public enum Status: String, Codable, Sendable {
    /// Under way, or ended by something that left no time to record it.
    case running
    /// Asked to stop; it can go on.
    case interrupted
    /// All epochs are computed.
    case finished
    /// It can't go on from where it is.
    case failed
  }

  /// What was trained.
  public struct Model: Codable, Hashable, Sendable {
    /// The specification's name.
    public var name: String
    /// The shape of an example.
    public var inputShape: [Int]
    /// How many numbers the parameters hold.
    public var parameterCount: Int

    /// Creates a description.
    public init(name: String, inputShape: [Int], parameterCount: Int) {
      self.name = name
      self.inputShape = inputShape
      self.parameterCount = parameterCount
    }
  }

  /// What it was trained on.
  public struct Dataset: Codable, Hashable, Sendable {
    /// Where it was.
    public var path: String
    /// The SHA-256 of classes, labels and pixels.
    public var digest: String
    /// The classes, in the order of the labels.
    public var classNames: [String]
    /// Images to train on.
    public var trainCount: Int
    /// Images to evaluate on.
    public var testCount: Int
    /// Files that could not be used.
    public var skippedCount: Int
    /// The share of the images that was set aside for testing, if the folder had no test part.
    public var validationSplit: Double?

    /// Creates a description.
    public init(
      path: String, digest: String, classNames: [String], trainCount: Int, testCount: Int, skippedCount: Int,
      validationSplit: Double? = nil
    ) {
      self.path = path
      self.digest = digest
      self.classNames = classNames
      self.trainCount = trainCount
      self.testCount = testCount
      self.skippedCount = skippedCount
      self.validationSplit = validationSplit
    }
  }

  /// What came of it.
  public struct Result: Codable, Hashable, Sendable {
    /// The SHA-256 of the final weights' file.
    public var weightsDigest: String
    /// The share of test images classified right by the final weights.
    public var testAccuracy: Double
    /// The final weights' mean loss over the test images.
    public var testLoss: Double
    /// The mean loss over the last epoch's batches.
    public var trainLoss: Double
    /// The share of images classified right while training, in the last epoch.
    public var trainAccuracy: Double
    /// The test accuracy of the best epoch.
    public var bestTestAccuracy: Double
    /// The SHA-256 of the file of the final weights' average; nil where none was kept.
    public var averageWeightsDigest: String?
    /// The share of test images classified right by the average.
    public var averageTestAccuracy: Double?
    /// The average's mean loss over the test images.
    public var averageTestLoss: Double?

    /// Creates a result; what was not measured is NaN.
    package init(
      weightsDigest: String, testAccuracy: Double = .nan, testLoss: Double = .nan, trainLoss: Double = .nan,
      trainAccuracy: Double = .nan, bestTestAccuracy: Double = .nan
    ) {
      self.weightsDigest = weightsDigest
      self.testAccuracy = testAccuracy
      self.testLoss = testLoss
      self.trainLoss = trainLoss
      self.trainAccuracy = trainAccuracy
      self.bestTestAccuracy = bestTestAccuracy
    }
  }

  /// How long it took; epochs without their evaluation.
  public struct Timing: Codable, Hashable, Sendable {
    /// The median epoch.
    public var secondsPerEpoch: Double
    /// The median epoch's training images a second.
    public var imagesPerSecond: Double
    /// Every epoch that was computed in one piece.
    public var epochSeconds: [Double]
    /// How many times as long as on the native backend it takes, if that was measured.
    public var timesNative: Double?
  }

  private static let formatVersion = 1

  /// The version of this format.
  public var formatVersion = RunRecord.formatVersion
  /// How far the run is.
  public var status = Status.running
  /// When it began, in ISO 8601.
  public var startedAt: String
  /// The program that trained.
  public var lockstepVersion: String
  /// What was trained.
  public var model: Model
  /// How.
  public var configuration: TrainingConfiguration
  /// On what.
  public var dataset: Dataset
  /// By what.
  public var backend: BackendDescriptor
  /// The SHA-256 of the weights' file before the first step.
  public var initialWeightsDigest: String
  /// The SHA-256 of the first epoch's batches; later epochs' follow from the seed in the same way. Nil in records
  /// of older versions.
  public var batchOrderDigest: String?
  /// Steps completed and saved.
  public var stepCount = 0
  /// Epochs completed and saved.
  public var epochCount = 0
  /// Why the run failed, if it did.
  public var failure: String?
  /// The operation whose result no rounding explains, if that is why.
  public var faultyOperation: FaultyOperation?
  /// What came of it, after the first epoch.
  public var result: Result?
  /// What was measured on the test images after the last epoch. Nil in records of older versions.
  public var metrics: RunMetrics?
  /// How long it took, after the first whole epoch.
  public var timing: Timing?
  /// Whether early stopping ended the run; nil where it did not.
  public var isStoppedEarly: Bool?
  /// Whether every operation was waited for, which makes the times longer; nil where none was.
  public var isProfiled: Bool?
  /// Seconds from the start of the process to the end of the first step, up to 0.01 too many. Nil where the
  /// system doesn't tell, and in records of older versions.
  public var firstStepSeconds: Double?
  /// Training images a second of the native backend, measured beside a run on another one.
  public var nativeImagesPerSecond: Double?

  /// Begins a record.
  public init(
    model: Model, configuration: TrainingConfiguration, dataset: Dataset, backend: BackendDescriptor,
    initialWeightsDigest: String
  ) {
    startedAt = Date().formatted(.iso8601)
    lockstepVersion = LockstepVersion.current
    self.model = model
    self.configuration = configuration
    self.dataset = dataset
    self.backend = backend
    self.initialWeightsDigest = initialWeightsDigest
  }

  /// Reads the record of a run.
  ///
  /// - Throws: ``RunFolderError`` if there is none or it can't be understood.
  public init(in folder: RunFolder) throws(RunFolderError) {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(folder.record)
    } catch {
      throw RunFolderError("\(folder.path) holds no run: run.json can't be read: \(error)")
    }
    do {
      self = try JSON.decode(RunRecord.self, from: bytes)
    } catch {
      throw RunFolderError("\(folder.record) is not the record of a run")
    }
    if let problem { throw RunFolderError("\(folder.record) is not the record of a run: \(problem)") }
  }

  /// The record as JSON, keys sorted.
  public var json: String { JSON.encode(self) }

  /// What can't be true of a run, nil if all can: the file may have been edited, or be of a later Lockstep.
  private var problem: String? {
    if formatVersion != RunRecord.formatVersion {
      return "it has format \(formatVersion), this Lockstep reads format \(RunRecord.formatVersion)"
    }
    if model.inputShape.count != 3 || model.inputShape.contains(where: { $0 < 1 })
      || Shape.problem(with: model.inputShape) != nil
    {
      return "its images can't be \(model.inputShape)"
    }
    if dataset.classNames.isEmpty { return "it has no classes" }
    return configuration.problem
  }

  mutating func add(_ report: EpochReport) {
    if let speed = report.imagesPerSecond {
      let seconds = (timing?.epochSeconds ?? []) + [report.seconds]
      let median = seconds.median
      let medianSpeed = speed * report.seconds / median
      timing = Timing(
        secondsPerEpoch: median, imagesPerSecond: medianSpeed, epochSeconds: seconds,
        timesNative: nativeImagesPerSecond.map { $0 / medianSpeed })
    }
  }
}

extension [Double] {
  /// The middle value, or the mean of the two in the middle; NaN of none.
  package var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
