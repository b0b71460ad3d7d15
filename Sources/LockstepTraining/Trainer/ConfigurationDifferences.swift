import LockstepNN

extension TrainingConfiguration {
  /// Every setting that is not the same in another configuration, by its name in `run.json`, such as
  /// `learningRate is 0.05, not 0.1`; sorted by name. Of two optimizers or schedules only their names are compared.
  package func differences(from other: TrainingConfiguration) -> [String] {
    let (own, others) = (settings, other.settings)
    let names = Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }
    return names.sorted().compactMap { name in
      if let whole = name.split(separator: ".").first, name.contains("."), names.contains(String(whole)) {
        return nil
      }
      return "\(name) is \(own[name] ?? "not set"), not \(others[name] ?? "set")"
    }
  }

  /// What keeps a training that began with this configuration from going on with another one, in the form of
  /// ``differences(from:)``: only what can't change a weight may differ, and the number of epochs where no
  /// learning rate depends on it. How operations are put together may change too: a check needs them single, and
  /// says so.
  package func misfits(of other: TrainingConfiguration) -> [String] {
    disregardingContinuation(with: other.epochs).differences(
      from: other.disregardingContinuation(with: other.epochs))
  }

  /// The differences in how operations are put together.
  package func executionDifferences(from other: TrainingConfiguration) -> [String] {
    var same = self
    (same.fusesOperations, same.convolution) = (other.fusesOperations, other.convolution)
    return differences(from: same)
  }

  private func disregardingContinuation(with epochs: Int) -> TrainingConfiguration {
    var result = operationByOperation
    result.optimization.checkpointInterval = nil
    if !optimization.schedule.dependsOnLength { result.epochs = epochs }
    return result
  }

  /// All settings by their names in `run.json`.
  private var settings: [String: String] {
    var result: [String: String] = [:]
    JSONTree(of: self).visit("") { name, text in
      let group = "optimization."
      result[name.hasPrefix(group) ? String(name.dropFirst(group.count)) : name] = text
    }
    return result
  }
}

extension JSONTree {
  /// A leaf is a text or a list of them. An object with a single object in it is a choice, by its name, with what
  /// belongs to the choice.
  fileprivate func visit(_ path: String, _ found: (String, String) -> Void) {
    guard case .object(let entries) = self else {
      found(path, inline)
      return
    }
    if entries.count == 1, let (name, choice) = entries.first, case .object = choice, !path.isEmpty {
      // What belongs to the choice may be one thing of this name.
      if name != "settings" { found(path, name) }
      choice.visit(path, found)
      return
    }
    for (key, value) in entries { value.visit(path.isEmpty ? key : "\(path).\(key)", found) }
  }

  private var inline: String {
    switch self {
    case .null: "none"
    case .truth(let truth): "\(truth)"
    case .text(let text): text
    case .list(let items): "[\(items.map(\.inline).joined(separator: ", "))]"
    case .object(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.inline)" }.joined(separator: ", ")
        + "}"
    }
  }
}
