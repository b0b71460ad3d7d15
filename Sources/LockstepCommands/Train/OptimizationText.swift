import Lockstep
import LockstepCore

/// How a training moves its weights, in words.
struct OptimizationText {
  private let configuration: TrainingConfiguration
  private var settings: OptimizationSettings { configuration.optimization }

  init(_ configuration: TrainingConfiguration) { self.configuration = configuration }

  /// What every training has: learning rate, momentum, and what else of the rule is not the default.
  var rule: String {
    var parts = ["learning rate \(configuration.learningRate)"]
    if settings.optimizer == .sgd {
      parts.append("momentum \(configuration.momentum)")
      if configuration.nesterov { parts.append("Nesterov") }
    } else {
      parts.insert(optimizer, at: 0)
    }
    if configuration.weightDecay != settings.optimizer.standardWeightDecay {
      parts.append("weight decay \(configuration.weightDecay)")
    }
    return parts.joined(separator: ", ")
  }

  /// Everything else that is not the default; empty if nothing is.
  var extras: [String] {
    var parts: [String] = []
    if settings.schedule != .constant { parts.append("\(settings.schedule.name) schedule") }
    if settings.warmup.length > 0 {
      parts.append("warm-up \(count(settings.warmup.length, settings.warmup.unit.rawValue))")
    }
    if let norm = settings.clipping.norm { parts.append("gradients clipped to norm \(norm)") }
    if let value = settings.clipping.value { parts.append("gradients clipped to ±\(value)") }
    if settings.accumulatedBatches > 1 { parts.append("\(settings.accumulatedBatches) batches a step") }
    if let decay = settings.averageDecay { parts.append("weights averaged with \(decay)") }
    if !settings.frozen.isEmpty {
      parts.append("frozen \(settings.frozen.map(\.description).joined(separator: " "))")
    }
    if !settings.groups.isEmpty { parts.append(count(settings.groups.count, "parameter group")) }
    if !settings.decaysVectors { parts.append("no weight decay on biases") }
    if settings.bestMetric != .accuracy { parts.append("best by \(settings.bestMetric.rawValue)") }
    if let rule = settings.earlyStopping {
      parts.append("stops after \(count(rule.patience, "epoch")) without a better \(rule.metric.rawValue)")
    }
    return parts
  }

  /// The rule's name, with what of it is not the default.
  var optimizer: String {
    switch settings.optimizer {
    case .sgd: "sgd"
    case .adam(_, _, _, let amsgrad), .adamW(_, _, _, let amsgrad):
      settings.optimizer.name + (amsgrad ? " (AMSGrad)" : "")
    case .rmsProp(_, _, let momentum, let centered):
      "rmsprop" + (momentum > 0 ? " (momentum \(momentum))" : "") + (centered ? " (centered)" : "")
    case .adagrad, .lion: settings.optimizer.name
    }
  }

  private func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
