public import LockstepCore

/// What an instruction of a training is: its operation, and where in the model.
public struct InstructionKind: Codable, Hashable, Sendable {
  /// The operation's name, such as `conv2D`.
  public var operation: String
  /// The layer's path, such as `layers.0`; empty outside of one.
  public var layer: String
  /// The part of the step.
  public var phase: Origin.Phase

  /// Describes an instruction.
  public init(operation: String, layer: String, phase: Origin.Phase) {
    self.operation = operation
    self.layer = layer
    self.phase = phase
  }
}

/// Which instruction of a training.
public struct InstructionPlace: Codable, Hashable, Sendable {
  /// The step, from 1.
  public var step: Int
  /// The instruction within the step, from 1.
  public var position: Int
  /// What it is.
  public var kind: InstructionKind
}

extension InstructionKind: CustomStringConvertible {
  /// Layer, phase and operation, such as `layers.0 (backward) conv2DWeightGradient`.
  public var description: String {
    layer.isEmpty ? "(\(phase.rawValue)) \(operation)" : "\(layer) (\(phase.rawValue)) \(operation)"
  }
}

extension InstructionPlace: CustomStringConvertible {
  /// Step, layer, phase and operation, such as `step 1, layers.0 (forward) conv2D`.
  public var description: String { "step \(step), \(kind)" }
}
