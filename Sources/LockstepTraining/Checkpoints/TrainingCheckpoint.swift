public import LockstepCore
import LockstepNN

/// Everything a training needs to go on as if it had never stopped: the model's state, the optimizer's state and the
/// position. Random numbers need nothing: they are a function of the position.
///
/// It is one file, so that a crash can't leave parts of two moments.
public struct TrainingCheckpoint: Sendable {
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
  /// - Throws: ``CheckpointError`` if the checkpoint is of another model, or not of a training.
  public func restore(_ trainer: Trainer) throws(CheckpointError) {
    guard let position = TrainingPosition(entries) else {
      throw CheckpointError("the checkpoint does not say how far the training was")
    }
    let weights = ModelWeights(entries(under: "model."))
    _ = try weights.entries(of: trainer.state)
    var state: [String: [Tensor]] = [:]
    for named in trainer.parameters {
      let tensors = optimizerState(of: named.name)
      guard tensors.allSatisfy({ $0.spec == named.parameter.spec }) else {
        throw CheckpointError("the optimizer's state of \(named.name) does not fit the parameter")
      }
      if !tensors.isEmpty { state[named.name] = tensors.map { $0.tensor(on: trainer.device) } }
    }
    try weights.load(into: trainer.state, on: trainer.device)
    trainer.optimizer.state = state
    trainer.position = position
  }

  /// The tensors the optimizer keeps for a parameter, in its order.
  private func optimizerState(of name: String) -> [Safetensors.Entry] {
    let found = entries(under: "optimizer.\(name).")
    return found.indices.compactMap { index in found.first { $0.name == "\(index)" } }
  }

  /// The entries under a prefix, without it.
  private func entries(under prefix: String) -> [Safetensors.Entry] {
    entries.filter { $0.name.hasPrefix(prefix) }.map {
      Safetensors.Entry(name: String($0.name.dropFirst(prefix.count)), spec: $0.spec, bytes: $0.bytes)
    }
  }
}

extension TrainingPosition {
  private static let counters = "position.counters"
  private static let sums = "position.sums"

  /// The position as tensors: whole numbers and sums, each in a fixed order.
  fileprivate var entries: [Safetensors.Entry] {
    let whole = [epoch, batch, step, correctCount, imageCount, best?.correctCount ?? 0, best?.count ?? 0]
    let real = [lossSum, best?.loss ?? 0]
    return [
      Safetensors.Entry(
        name: Self.counters, spec: TensorSpec([whole.count], .int64),
        bytes: whole.flatMap { withUnsafeBytes(of: Int64($0).littleEndian, Array.init) }),
      Safetensors.Entry(
        name: Self.sums, spec: TensorSpec([real.count], .float64),
        bytes: real.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }),
    ]
  }

  /// The position that tensors hold, nil if they don't.
  fileprivate init?(_ entries: [Safetensors.Entry]) {
    guard let counters = entries.first(where: { $0.name == Self.counters }),
      let sums = entries.first(where: { $0.name == Self.sums }),
      counters.spec == TensorSpec([7], .int64), sums.spec == TensorSpec([2], .float64)
    else { return nil }
    let whole = counters.words.map { Int(truncatingIfNeeded: $0) }
    let real = sums.words.map { Double(bitPattern: $0) }
    // Within an epoch there are images; and a number beyond all counting would overflow the next sum.
    guard whole.allSatisfy({ (0..<1 << 48).contains($0) }), (whole[1] == 0) == (whole[4] == 0) else {
      return nil
    }
    self.init()
    (epoch, batch, step, correctCount, imageCount) = (whole[0], whole[1], whole[2], whole[3], whole[4])
    lossSum = real[0]
    if whole[6] > 0 { best = Evaluation(loss: real[1], correctCount: whole[5], count: whole[6]) }
  }
}

extension Safetensors.Entry {
  /// The bytes as 64-bit words, least significant byte first.
  fileprivate var words: [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
