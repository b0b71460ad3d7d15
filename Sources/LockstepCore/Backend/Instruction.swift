/// An operation with the buffers it reads and writes: what a backend executes.
public struct Instruction: Hashable, Sendable {
  /// What to compute.
  public var operation: Operation
  /// What it reads, in the order the operation's documentation gives.
  public var inputs: [Operand]
  /// What it writes.
  public var outputs: [Operand]
  /// The layer and phase it comes from.
  public var origin: Origin

  /// Creates an instruction.
  public init(_ operation: Operation, inputs: [Operand], outputs: [Operand], origin: Origin = Origin()) {
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
    self.origin = origin
  }
}

/// A dense, row-major tensor in a backend's memory.
public struct Operand: Hashable, Sendable {
  /// Where the elements are.
  public var buffer: BufferID
  /// What they are.
  public var spec: TensorSpec

  /// Creates an operand.
  public init(_ buffer: BufferID, _ spec: TensorSpec) {
    self.buffer = buffer
    self.spec = spec
  }
}

/// A backend's memory block, by number.
public struct BufferID: Hashable, Sendable {
  /// The number; its meaning is the backend's.
  public let rawValue: UInt64

  /// Creates an identifier.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// Where in a model an instruction comes from; for messages, profiles and comparisons, never for results.
public struct Origin: Hashable, Sendable {
  /// What part of a training step asks for the computation.
  public enum Phase: String, Codable, Hashable, Sendable {
    /// Computing outputs from inputs.
    case forward
    /// Computing gradients.
    case backward
    /// Changing parameters.
    case update
  }

  /// The path of the layer, such as `layers.0`; empty outside of one.
  public var layer: String
  /// The part of the training step.
  public var phase: Phase

  /// Creates an origin.
  public init(layer: String = "", phase: Phase = .forward) {
    self.layer = layer
    self.phase = phase
  }

  /// The origin given to instructions issued by the current task.
  @TaskLocal public static var current = Origin()
}

extension Origin: CustomStringConvertible {
  /// Layer and phase, such as `layers.0 (backward)`; empty outside of a layer's forward pass.
  public var description: String {
    switch (layer.isEmpty, phase) {
    case (true, .forward): ""
    case (true, _): "(\(phase.rawValue))"
    case (false, .forward): layer
    case (false, _): "\(layer) (\(phase.rawValue))"
    }
  }
}
