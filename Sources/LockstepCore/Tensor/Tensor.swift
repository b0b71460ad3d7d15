/// An n-dimensional array of numbers on a ``Device``, and a value: nothing that is done with a copy changes it.
///
/// Operators and methods ask the device for a result and return at once; ``scalars(as:file:line:)``,
/// ``item(file:line:)`` and ``Device/synchronize()`` wait for it, and throw if the environment failed. Mistakes of the program, such as
/// shapes that don't fit, trap with the operation and the shapes.
///
/// Gradients are recorded only for tensors that come from inside of ``valueAndGradient(at:file:line:of:)`` or its siblings.
public struct Tensor: Sendable {
  let storage: TensorStorage
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

  /// The same values at a place on a tape.
  func tracked(by node: TapeNode?) -> Tensor { Tensor(storage: storage, spec: spec, node: node) }
}

/// A buffer that is given back with its last tensor.
final class TensorStorage: Sendable {
  let device: Device
  let buffer: BufferID

  init(device: Device, buffer: BufferID) {
    self.device = device
    self.buffer = buffer
  }

  deinit { device.release(buffer) }
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
    let specs: [TensorSpec]
    do {
      specs = try operation.inferOutputs(inputs.map { $0.spec })
    } catch {
      let place = origin.layer.isEmpty ? "" : "in layer \(origin.layer): "
      trap("\(place)\(error)", file: file, line: line)
    }
    let device = inputs.first?.device ?? device ?? .default
    for input in inputs.dropFirst() where input.device !== device {
      let names = [device, input.device].map(\.backend.descriptor.name)
      trap(
        "\(operation.name): operands are on different devices: \(inputs[0].spec) on \(names[0]), "
          + "\(input.spec) on \(names[1])", file: file, line: line)
    }
    let tape = Tape.recorder(of: operation, inputs, specs)
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
  ) -> Tensor {
    apply(operation, inputs, file: file, line: line)[0]
  }
}
