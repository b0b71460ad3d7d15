/// An n-dimensional array of numbers on a ``Device``, and a value: nothing that is done with a copy changes it.
///
/// Operators and methods ask the device for a result and return at once; ``scalars(as:file:line:)``,
/// ``item(file:line:)`` and ``Device/synchronize()`` wait for it, and throw if the environment failed. Mistakes of
/// the program, such as shapes that don't fit, trap with the operation and the shapes.
///
/// Gradients are recorded only for tensors that come from inside of ``valueAndGradient(at:file:line:of:)`` or its
/// siblings.
public struct Tensor: Sendable {
  var storage: TensorStorage
  /// The sizes of the dimensions.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType
  let node: TapeNode?

  init(storage: TensorStorage, spec: TensorSpec, node: TapeNode? = nil) {
    self.storage = storage
    self.shape = spec.shape
    self.dtype = spec.dtype
    self.node = node
  }

  /// The shape and the dtype.
  public var spec: TensorSpec { TensorSpec(shape, dtype) }

  /// The number of dimensions.
  public var rank: Int { shape.rank }

  /// The number of elements.
  public var count: Int { shape.count }

  /// Where the tensor is.
  public var device: Device { storage.device }

  /// The same values, through which no gradient flows.
  public func detached() -> Tensor { Tensor(storage: storage, spec: spec) }

  /// Whether operations on the tensor are recorded for a gradient.
  public var isTracked: Bool { node?.tape.isRecording ?? false }

  /// What an instruction reads.
  var operand: Operand { Operand(storage.buffer, spec) }

  /// The same values at a place on a tape.
  func tracked(by node: TapeNode?) -> Tensor { Tensor(storage: storage, spec: spec, node: node) }
}

/// A buffer that is given back with its last tensor, unless it is one of the device's constants.
final class TensorStorage: Sendable {
  let device: Device
  let buffer: BufferID
  /// Whether others may get the same buffer.
  let isConstant: Bool

  init(device: Device, buffer: BufferID, isConstant: Bool = false) {
    self.device = device
    self.buffer = buffer
    self.isConstant = isConstant
  }

  deinit { if !isConstant { device.release(buffer) } }
}

extension Tensor {
  /// Applies an operation: infers and allocates the outputs, submits the instruction and records it if an
  /// input is tracked. Traps when the operands don't fit.
  ///
  /// - Parameter device: where an operation without inputs is executed; ignored by others.
  public static func apply(
    _ operation: Operation, _ inputs: [Tensor], on device: Device? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let origin = Origin.current
    let specs = inferred(operation, origin, file, line) { () throws(OperationError) in
      try operation.inferOutputs(inputs.map { $0.spec })
    }
    let device = common(inputs, operation, file, line) ?? device ?? .default
    let tape = Tape.recorder(
      of: operation, inputs, isDifferentiable: specs.contains { $0.dtype.isFloatingPoint })
    let outputs: [Tensor]
    if case .reshape = operation {
      // The layout is the same, so the buffer is shared.
      outputs = [
        Tensor(storage: inputs[0].storage, spec: specs[0], node: tape?.makeNode(for: specs[0].dtype))
      ]
    } else {
      outputs = device.execute(operation, inputs, outputs: specs, origin).map { output in
        Tensor(
          storage: TensorStorage(device: device, buffer: output.buffer), spec: output.spec,
          node: tape?.makeNode(for: output.spec.dtype))
      }
    }
    tape?.append(operation, inputs, outputs, origin)
    return outputs
  }

  /// ``apply(_:_:on:file:line:)`` for an operation with one output.
  static func applied(
    _ operation: Operation, _ inputs: Tensor..., file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { apply(operation, inputs, file: file, line: line)[0] }

  /// ``applied(_:_:file:line:)`` for one operand.
  static func applied(
    _ operation: Operation, _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    switch operation {
    case .unary: appliedElementwise(operation, x, nil, file, line)
    default: apply(operation, [x], file: file, line: line)[0]
    }
  }

  /// ``applied(_:_:file:line:)`` for two operands.
  static func applied(
    _ operation: Operation, _ lhs: Tensor, _ rhs: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    switch operation {
    case .binary: appliedElementwise(operation, lhs, rhs, file, line)
    default: apply(operation, [lhs, rhs], file: file, line: line)[0]
    }
  }

  /// The same without arrays of tensors and of specs, which would take as long as the rest: operations on a few
  /// elements are nearly all host.
  private static func appliedElementwise(
    _ operation: Operation, _ lhs: Tensor, _ rhs: Tensor?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let origin = Origin.current
    let spec = inferred(operation, origin, file, line) { () throws(OperationError) in
      try operation.inferElementwise(lhs.spec, rhs?.spec)
    }
    let device = lhs.device
    if let rhs, rhs.device !== device { _ = common([lhs, rhs], operation, file, line) }
    let output = TensorStorage(
      device: device, buffer: device.execute(operation, lhs.operand, rhs?.operand, output: spec, origin))
    guard lhs.node != nil || rhs?.node != nil else { return Tensor(storage: output, spec: spec) }
    let inputs = rhs.map { [lhs, $0] } ?? [lhs]
    let tape = Tape.recorder(of: operation, inputs, isDifferentiable: spec.dtype.isFloatingPoint)
    let result = Tensor(storage: output, spec: spec, node: tape?.makeNode(for: spec.dtype))
    tape?.append(operation, inputs, [result], origin)
    return result
  }

  /// What is inferred; traps with the layer's name where the operands don't fit.
  static func inferred<Result>(
    _ operation: Operation, _ origin: Origin, _ file: StaticString, _ line: UInt,
    _ infer: () throws(OperationError) -> Result
  ) -> Result {
    do throws(OperationError) {
      return try infer()
    } catch {
      let place = origin.layer.isEmpty ? "" : "in layer \(origin.layer): "
      trap("\(place)\(error)", file: file, line: line)
    }
  }

  /// The device that all operands are on; traps where they are on several.
  private static func common(
    _ inputs: [Tensor], _ operation: Operation, _ file: StaticString, _ line: UInt
  ) -> Device? {
    guard let device = inputs.first?.device else { return nil }
    for input in inputs.dropFirst() where input.device !== device {
      let names = [device, input.device].map(\.backend.descriptor.name)
      trap(
        "\(operation.name): operands are on different devices: \(inputs[0].spec) on \(names[0]), "
          + "\(input.spec) on \(names[1])", file: file, line: line)
    }
    return device
  }
}
