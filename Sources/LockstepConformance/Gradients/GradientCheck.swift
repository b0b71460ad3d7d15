public import LockstepCore

/// An operation whose gradient is held against finite differences.
///
/// The value differentiated is Σ weightᵢ · outputᵢ with random weights: a wrong sign, factor or index in any
/// element of the gradient shows.
public struct GradientCheck: Sendable {
  /// What is special about the check, with the operation.
  public let name: String
  /// What is differentiated.
  public let operation: Operation
  /// The operands; float64 where they are differentiated at.
  public let inputs: [CaseInput]
  /// How far an element is moved to both sides: a power of two, so that moving it is exact.
  public let step: Double

  /// Relative to the largest of the gradient's elements and 1: differences of second order are off by the
  /// step squared, and rounding adds the last bits of the value divided by the step.
  private static let tolerance = 1e-7

  /// Creates a check; the operation is added to the name.
  public init(_ name: String, _ operation: Operation, _ inputs: [CaseInput], step: Double = 0x1p-17) {
    self.name = "\(operation.name) \(name)"
    self.operation = operation
    self.inputs = inputs
    self.step = step
  }

  /// What is wrong with the gradient that the tape gives, or nil.
  func problem(on device: Device) throws(BackendError) -> String? {
    let values = ConformanceCase(name, operation, inputs, .bits).makeInputs()
    let positions = inputs.indices.filter { inputs[$0].spec.dtype.isFloatingPoint }
    let evaluation = GradientEvaluation(operation, values, at: positions, on: device, name: name)
    for (position, gradient) in zip(positions, try evaluation.gradients()) {
      if gradient.spec != values[position].spec {
        return "input \(position): the gradient is \(gradient.spec)"
      }
      let found = gradient.reals
      let wanted = try evaluation.differences(at: position, step: step)
      let scale = wanted.reduce(1) { max($0, $1.magnitude) }
      for element in found.indices {
        // Not `>`, so that NaN fails.
        if (found[element] - wanted[element]).magnitude <= Self.tolerance * scale { continue }
        return "input \(position), element \(element): the tape gives \(found[element]), "
          + "differences \(wanted[element])"
      }
    }
    return nil
  }
}

/// An operation as a function to a number, differentiated in two ways.
private struct GradientEvaluation {
  let operation: Operation
  let values: [TensorValue]
  let positions: [Int]
  let device: Device
  let weights: [Double]
  let output: TensorSpec

  init(
    _ operation: Operation, _ values: [TensorValue], at positions: [Int], on device: Device, name: String
  ) {
    self.operation = operation
    self.values = values
    self.positions = positions
    self.device = device
    guard let outputs = try? operation.inferOutputs(values.map(\.spec)) else {
      preconditionFailure("the gradient check '\(name)' is not well formed")
    }
    output = outputs[0]
    var stream = RandomStream(seed: 1, purpose: .user, index: RandomStream.index(of: name))
    weights = (0..<output.shape.count).map { _ in 2 * Double(stream.uniform()) - 1 }
  }

  /// By the tape.
  func gradients() throws(BackendError) -> [TensorValue] {
    let weights = tensor(TensorValue(TensorSpec(output.shape, .float64), reals: weights))
    let all = values.map { tensor($0) }
    let (_, gradients) = valueAndGradient(at: positions.map { all[$0] }) { tracked in
      var inputs = all
      for (position, tensor) in zip(positions, tracked) { inputs[position] = tensor }
      return (Tensor.apply(operation, inputs)[0].asType(.float64) * weights).sum()
    }
    var values: [TensorValue] = []
    for gradient in gradients { values.append(TensorValue(gradient.spec, bytes: try gradient.bytes())) }
    return values
  }

  /// By moving every element of an input to both sides.
  func differences(at position: Int, step: Double) throws(BackendError) -> [Double] {
    var all = values.map { tensor($0) }
    var moved = values[position].reals
    var differences: [Double] = []
    for element in moved.indices {
      let original = moved[element]
      var sides: [Double] = []
      for side in [original + step, original - step] {
        moved[element] = side
        all[position] = tensor(TensorValue(values[position].spec, reals: moved))
        sides.append(try value(all))
      }
      moved[element] = original
      differences.append((sides[0] - sides[1]) / (2 * step))
    }
    return differences
  }

  private func value(_ inputs: [Tensor]) throws(BackendError) -> Double {
    let result = Tensor.apply(operation, inputs, on: device)[0]
    let elements = TensorValue(result.spec, bytes: try result.bytes()).reals
    return zip(elements, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func tensor(_ value: TensorValue) -> Tensor {
    value.bytes.withUnsafeBytes { Tensor(bytes: $0, spec: value.spec, on: device) }
  }
}
