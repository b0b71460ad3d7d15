public import LockstepCore

/// An operation with operands, and how far from the oracle's result a backend's may lie.
public struct ConformanceCase: Sendable {
  /// What is special about the case, with the operation and the dtype, such as `conv2D stride 2 float32`.
  public let name: String
  /// What is computed.
  public let operation: Operation
  /// What the operands are filled with.
  public let inputs: [CaseInput]
  /// How far off a result may be.
  public let tolerance: Tolerance

  /// Creates a case; the operation and the dtype are added to the name.
  public init(_ name: String, _ operation: Operation, _ inputs: [CaseInput], _ tolerance: Tolerance) {
    let dtype = inputs.last { $0.spec.dtype.isFloatingPoint }?.spec.dtype ?? inputs.first?.spec.dtype
    self.name = [operation.name, name, dtype?.description ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    self.operation = operation
    self.inputs = inputs
    self.tolerance = tolerance
  }

  /// The operands: the same at every call, on every machine.
  public func makeInputs() -> [TensorValue] {
    inputs.enumerated().map { position, input in
      var stream = RandomStream(
        seed: 0x6C6F_636B, purpose: .user, index: RandomStream.index(of: "\(name)/\(position)"))
      return input.makeValue(&stream)
    }
  }

  /// The dtype a backend is asked about: that of the data, not of conditions, indices or labels.
  public var dtype: DType {
    switch operation {
    case .fill(let fill): fill.dtype
    case .select: inputs[1].spec.dtype
    default: inputs[0].spec.dtype
    }
  }

  /// What shapes and dtypes the outputs have; traps on a case that doesn't fit together.
  public var outputSpecs: [TensorSpec] {
    do {
      return try operation.inferOutputs(inputs.map(\.spec))
    } catch {
      preconditionFailure("the case '\(name)' is not well formed: \(error)")
    }
  }
}

extension ConformanceCase: CustomStringConvertible {
  /// The name and the operands' shapes.
  public var description: String { "\(name): \(inputs.map(\.spec))" }
}
