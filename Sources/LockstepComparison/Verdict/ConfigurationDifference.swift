import LockstepCore
import LockstepData
import LockstepNN
import LockstepTraining

/// Something that is not the same of two runs.
public struct ConfigurationDifference: Codable, Hashable, Sendable {
  /// What, as `run.json` names it, such as `backend.blasCore`.
  public var key: String
  /// The first run's value; of several runs with different ones all, with commas between.
  public var a: String
  /// The second's.
  public var b: String
  /// Whether it makes the runs two different trainings.
  public var isDeciding: Bool

  /// What makes two runs different trainings: none is known of curves from elsewhere.
  static func deciding(
    _ a: LossCurve, _ b: LossCurve, besidesSeed: Bool = false
  ) -> [ConfigurationDifference] {
    guard a.record != nil, b.record != nil else { return [] }
    return differences([a], [b]).filter { difference in
      difference.isDeciding && !(besidesSeed && seedDecides.contains(difference.key))
    }
  }

  /// Everything that is not the same of two sets, of those that are runs of ours.
  static func differences(_ a: [LossCurve], _ b: [LossCurve]) -> [ConfigurationDifference] {
    let (first, second) = (settings(a), settings(b))
    guard !first.isEmpty, !second.isEmpty else { return [] }
    return zip(first, second).compactMap { first, second in
      guard first.value != second.value else { return nil }
      return ConfigurationDifference(
        key: first.key, a: first.value, b: second.value,
        // What one of them did not record can't be held against the other.
        isDeciding: first.isDeciding && second.isDeciding)
    }
  }

  private struct Setting {
    let key: String
    var value: String
    let isDeciding: Bool
  }

  /// What follows from the seed.
  private static let seedDecides: Set = ["configuration.seed", "initialWeightsDigest", "batchOrderDigest"]

  /// The settings of a set, each with all values that its runs have of it.
  private static func settings(_ curves: [LossCurve]) -> [Setting] {
    let all = curves.compactMap(settings)
    guard var result = all.first else { return [] }
    for index in result.indices {
      var values: [String] = []
      for settings in all where !values.contains(settings[index].value) {
        values.append(settings[index].value)
      }
      result[index].value = values.joined(separator: ", ")
    }
    return result
  }

  private static func settings(_ curve: LossCurve) -> [Setting]? {
    guard let record = curve.record else { return nil }
    let (configuration, dataset, backend) = (record.configuration, record.dataset, record.backend)
    func decides(_ key: String, _ value: Any?) -> Setting {
      Setting(key: key, value: value.map { "\($0)" } ?? "not recorded", isDeciding: value != nil)
    }
    func describes(_ key: String, _ value: Any?) -> Setting {
      Setting(key: key, value: value.map { "\($0)" } ?? "none", isDeciding: false)
    }
    return [
      decides("model.name", record.model.name), decides("model.inputShape", record.model.inputShape),
      decides("model.parameterCount", record.model.parameterCount),
      decides("model.yaml", curve.modelDigest),
      decides("configuration.epochs", configuration.epochs),
      decides("configuration.batchSize", configuration.batchSize),
      decides("configuration.learningRate", configuration.learningRate),
      decides("configuration.momentum", configuration.momentum),
      decides("configuration.nesterov", configuration.nesterov),
      decides("configuration.weightDecay", configuration.weightDecay),
      decides("configuration.labelSmoothing", configuration.labelSmoothing),
      decides("configuration.augmentation", configuration.augmentation),
      decides("configuration.normalization", configuration.normalization?.description ?? "none"),
      decides("configuration.classWeights", configuration.classWeights?.description ?? "none"),
      decides("configuration.seed", configuration.seed),
      decides("configuration.optimization", configuration.optimization.description),
      describes("configuration.fusesOperations", configuration.fusesOperations),
      describes("configuration.convolution", configuration.convolution.rawValue),
      decides("dataset.digest", dataset.digest), describes("dataset.path", dataset.path),
      decides("initialWeightsDigest", record.initialWeightsDigest),
      decides("batchOrderDigest", record.batchOrderDigest),
      describes("status", record.status.rawValue), describes("lockstepVersion", record.lockstepVersion),
      describes("backend.name", backend.name), describes("backend.architecture", backend.architecture),
      describes("backend.isaLevel", backend.isaLevel), describes("backend.blasCore", backend.blasCore),
      describes("backend.blasLibrary", backend.blasLibrary),
      describes("backend.translator", backend.translator),
      describes("backend.cpuProfile", backend.cpuProfile), describes("backend.threads", backend.threads),
      describes("backend.fault", backend.fault),
    ]
  }
}
