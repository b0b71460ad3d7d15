public import LockstepCore
import LockstepNN

/// Everything a training needs to go on as if it had never stopped: the model's state, the optimizer's state, what
/// is added up until the next step, the average, the configuration and the position. Random numbers need nothing:
/// they are a function of the position.
///
/// It is one file, so that a crash can't leave parts of two moments.
public struct TrainingCheckpoint: Sendable {
  private static let stepCountName = "optimizer steps"
  private static let configurationName = "configuration"

  private let entries: [Safetensors.Entry]

  /// Downloads the state of a training.
  public init(of trainer: Trainer) throws(BackendError) {
    var entries: [Safetensors.Entry] = []
    for named in trainer.state {
      entries.append(try .init(name: "model.\(named.name)", named.parameter.value))
    }
    for named in trainer.parameters {
      for (index, tensor) in (trainer.optimizer.state[named.name] ?? []).enumerated() {
        entries.append(try .init(name: "optimizer.\(named.name).\(index)", tensor))
      }
    }
    if let gradients = trainer.accumulated {
      for (name, tensor) in zip(gradients.names, gradients.tensors) {
        entries.append(try .init(name: "gradient.\(name)", tensor))
      }
    }
    for named in trainer.state {
      guard let tensor = trainer.average?.values[named.name] else { continue }
      entries.append(try .init(name: "average.\(named.name)", tensor))
    }
    let configuration = Array(JSON.encode(trainer.configuration).utf8)
    entries.append(.init(name: Self.stepCountName, [trainer.optimizer.stepCount]))
    entries.append(
      .init(
        name: Self.configurationName, spec: TensorSpec([configuration.count], .uint8), bytes: configuration))
    self.entries = entries + trainer.position.entries
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: ``CheckpointError`` naming the file and what is wrong with it.
  public init(file: String) throws(CheckpointError) {
    entries = try Safetensors.read(file)
  }

  /// The bytes of a safetensors file.
  public var fileContents: [UInt8] { Safetensors.encode(entries) }

  /// Puts a training of the same model where it was, or leaves it as it is.
  ///
  /// - Throws: ``CheckpointError`` if the checkpoint is of another model, of a training with other settings, or
  ///   not of a training.
  public func restore(_ trainer: Trainer) throws(CheckpointError) {
    guard let position = TrainingPosition(entries) else {
      throw CheckpointError("the checkpoint does not say how far the training was")
    }
    let weights = ModelWeights(entries(under: "model."))
    _ = try weights.entries(of: trainer.state)
    try checkConfiguration(trainer)
    let stepCount = try stepCount(position)
    let state = try optimizerState(trainer, isBegun: stepCount > 0)
    let accumulated = try tensors("gradient", trainer.parameters, trainer)
    let average = try tensors("average", trainer.state, trainer)
    guard trainer.average == nil || stepCount == 0 || !average.isEmpty else {
      throw CheckpointError("the checkpoint has no average of the weights, which the training keeps")
    }
    try weights.load(into: trainer.state, on: trainer.device)
    trainer.optimizer.state = state
    trainer.optimizer.stepCount = stepCount
    trainer.accumulated = accumulated.isEmpty ? nil : trainer.gradients(accumulated)
    trainer.average?.values = average
    let plateau = trainer.position.plateau
    trainer.position = position
    // A checkpoint of a training that has not begun to judge may not have one.
    trainer.position.plateau = position.plateau ?? plateau
  }

  /// Sees that the training goes on as it began. A checkpoint of an older version says nothing of it.
  private func checkConfiguration(_ trainer: Trainer) throws(CheckpointError) {
    guard let entry = entries.first(where: { $0.name == Self.configurationName }) else { return }
    guard let before = try? JSON.decode(TrainingConfiguration.self, from: entry.bytes) else {
      throw CheckpointError("the checkpoint does not say how the training was configured")
    }
    let misfits = before.misfits(of: trainer.configuration)
    guard !misfits.isEmpty else { return }
    throw CheckpointError(
      "the checkpoint is of a training with other settings: \(misfits.joined(separator: "; "))")
  }

  /// Steps the optimizer made: in older versions one a batch.
  private func stepCount(_ position: TrainingPosition) throws(CheckpointError) -> Int {
    guard let entry = entries.first(where: { $0.name == Self.stepCountName }) else { return position.step }
    guard let count = entry.integers(1)?.first, (0...position.step).contains(count) else {
      throw CheckpointError("the checkpoint does not say how many steps the optimizer made")
    }
    return count
  }

  /// What the optimizer keeps, as much of each parameter as its rule needs.
  private func optimizerState(
    _ trainer: Trainer, isBegun: Bool
  ) throws(CheckpointError) -> [String: [Tensor]] {
    var state: [String: [Tensor]] = [:]
    for named in trainer.parameters {
      let found = entries(under: "optimizer.\(named.name).")
      let tensors = found.indices.compactMap { index in found.first { $0.name == "\(index)" } }
      let wanted = isBegun ? trainer.optimizer.rule.initialState(for: named.parameter.value).count : 0
      guard tensors.count == wanted, tensors.allSatisfy({ $0.spec == named.parameter.spec }) else {
        throw CheckpointError("the optimizer's state of \(named.name) does not fit the parameter")
      }
      if !tensors.isEmpty { state[named.name] = tensors.map { $0.tensor(on: trainer.device) } }
    }
    return state
  }

  /// A tensor for each parameter, or none at all.
  private func tensors(
    _ kind: String, _ parameters: [NamedParameter], _ trainer: Trainer
  ) throws(CheckpointError) -> [String: Tensor] {
    let found = entries(under: "\(kind).")
    guard !found.isEmpty else { return [:] }
    let wanted = try ModelWeights(found).entries(of: parameters)
    return Dictionary(uniqueKeysWithValues: wanted.map { ($0.name, $0.tensor(on: trainer.device)) })
  }

  /// The entries under a prefix, without it.
  private func entries(under prefix: String) -> [Safetensors.Entry] {
    entries.filter { $0.name.hasPrefix(prefix) }.map {
      Safetensors.Entry(name: String($0.name.dropFirst(prefix.count)), spec: $0.spec, bytes: $0.bytes)
    }
  }
}

extension Trainer {
  /// Gradients by name, in the order of the parameters.
  fileprivate func gradients(_ tensors: [String: Tensor]) -> Gradients {
    Gradients(names: parameters.map(\.name), tensors: parameters.compactMap { tensors[$0.name] })
  }
}
