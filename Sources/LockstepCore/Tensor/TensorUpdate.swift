extension Tensor {
  /// Moves a parameter and what an optimizer keeps for it by a step: with no new memory, where the device allows it
  /// and nobody else has one of the tensors. Traps when the operands don't fit.
  ///
  /// - Parameters:
  ///   - operation: ``Operation/sgd(_:)`` or ``Operation/adam(_:)``: of parameter, gradient and state it makes
  ///     parameter and state.
  ///   - state: as many tensors as the operation wants, each of the parameter's shape.
  package static func update(
    _ parameter: inout Tensor, _ state: inout [Tensor], by operation: Operation, gradient: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let device = parameter.device
    let isAlone =
      device.backend.updatesInPlace && !gradient.isTracked && gradient.device === device
      && parameter.isUnshared()
      && state.indices.allSatisfy { state[$0].isUnshared() && state[$0].device === device }
    guard isAlone else {
      let outputs = apply(operation, [parameter, gradient] + state, file: file, line: line)
      parameter = outputs[0]
      state = Array(outputs.dropFirst())
      return
    }
    let origin = Origin.current
    let inputs = [parameter.operand, gradient.operand] + state.map(\.operand)
    _ = inferred(operation, origin, file, line) { () throws(OperationError) in
      try operation.inferOutputs(inputs.map(\.spec))
    }
    device.execute(
      operation, inputs, replacing: [parameter.operand] + state.map(\.operand), origin)
  }

  /// Whether this is the one tensor in its buffer, and no tape knows it.
  private mutating func isUnshared() -> Bool {
    isKnownUniquelyReferenced(&storage) && !storage.isConstant && !isTracked
  }
}
