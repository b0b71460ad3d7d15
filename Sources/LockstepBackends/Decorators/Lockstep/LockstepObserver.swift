public import LockstepCore

/// Someone who is told what a ``LockstepBackend`` executes.
public protocol LockstepObserver: AnyObject, Sendable {
  /// After every instruction, on the thread that submitted it. What the execution gives out later than that
  /// may have been overwritten.
  ///
  /// - Throws: what reading the execution threw; it becomes the backend's failure.
  func observe(_ execution: LockstepExecution) throws(BackendError)
}

/// Which of the two backends of a ``LockstepBackend``.
public enum LockstepSide: String, Codable, Hashable, Sendable, CaseIterable {
  /// The one whose results the program sees.
  case first
  /// The one beside it.
  case second
}

/// An instruction that both backends have executed.
public struct LockstepExecution {
  /// How many instructions came before it.
  public let index: Int
  /// What was executed; the buffers are the ``LockstepBackend``'s.
  public let instruction: Instruction
  /// What the first backend computed.
  public let outputs: [TensorValue]
  /// What the second backend computed from the first one's inputs.
  public let secondOutputs: [TensorValue]
  /// What the second backend computed on its own stream.
  public let ownOutputs: [TensorValue]

  private let source: Source

  init(
    index: Int, instruction: Instruction, outputs: [TensorValue], secondOutputs: [TensorValue],
    ownOutputs: [TensorValue], source: Source
  ) {
    self.index = index
    self.instruction = instruction
    self.outputs = outputs
    self.secondOutputs = secondOutputs
    self.ownOutputs = ownOutputs
    self.source = source
  }

  /// Whether the second backend's own inputs had the bits of the first one's.
  public var hasEqualInputs: Bool { get throws(BackendError) { try source.hasEqualInputs } }

  /// The first backend's inputs; downloaded when they are asked for.
  public var inputs: [TensorValue] { get throws(BackendError) { try source.inputs } }

  /// The inputs on the second backend's own stream; downloaded when they are asked for.
  public var ownInputs: [TensorValue] { get throws(BackendError) { try source.ownInputs } }
}

extension LockstepExecution {
  /// The inputs of an instruction on both sides, read once at most.
  final class Source {
    private let pairs: PairedInstruction
    private let read: (Operand, LockstepSide) throws(BackendError) -> TensorValue
    private var values: [LockstepSide: [TensorValue]] = [:]

    init(
      _ pairs: PairedInstruction,
      reading read: @escaping (Operand, LockstepSide) throws(BackendError) -> TensorValue
    ) {
      self.pairs = pairs
      self.read = read
    }

    var hasEqualInputs: Bool {
      get throws(BackendError) {
        if pairs.hasEqualInputs { return true }
        return try inputs == ownInputs
      }
    }

    var inputs: [TensorValue] { get throws(BackendError) { try values(on: .first) } }

    var ownInputs: [TensorValue] {
      get throws(BackendError) { try pairs.hasEqualInputs ? inputs : values(on: .second) }
    }

    /// Reads what might change.
    func readInputs() throws(BackendError) { _ = (try inputs, try ownInputs) }

    private func values(on side: LockstepSide) throws(BackendError) -> [TensorValue] {
      if let known = values[side] { return known }
      var found: [TensorValue] = []
      for operand in side == .first ? pairs.first.inputs : pairs.second.inputs {
        found.append(try read(operand, side))
      }
      values[side] = found
      return found
    }
  }
}
