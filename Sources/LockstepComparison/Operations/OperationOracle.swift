import LockstepBackends
public import LockstepCore

/// Holds results against the exact ones.
///
/// For every element C of an operation's outputs there are the exact result R, the sum S of the magnitudes of
/// the terms it is made of, and their number K; ρ = |C − R| / (u·S + K·the smallest subnormal number) puts it
/// into a band (``OperationBand``). R and S are worked out in double precision, in plain Swift, by nothing that
/// the kernels under test are made of.
///
/// | operations | S | K |
/// |---|---|---|
/// | matrix products, convolutions and their gradients, sums, means, average pooling, scatters | the same operation on magnitudes | the terms of a sum |
/// | +, −, ·, ÷, squares, roots | \|R\| | 1 |
/// | functions that are approximated, softmax, cross-entropy, batch normalisation, steps of optimizers | a third of the bound of the error, in u | 1 |
/// | all that moves, picks, compares, converts or counts | – | 0: anything but the exact result is red |
public struct OperationOracle: Sendable {
  /// Creates an oracle.
  public init() {}

  /// Judges an operation's outputs by its inputs.
  ///
  /// Exact operations are judged too, and so are integers: with K = 0, where anything but the exact result is
  /// red. One NaN is as good as another.
  ///
  /// - Throws: ``/LockstepCore/BackendError/indexOutOfRange(operation:origin:)`` where an index or a label is.
  public func judge(
    _ operation: Operation, inputs: [TensorValue], outputs: [TensorValue]
  ) throws(BackendError) -> OperationJudgement {
    try exactResults(of: operation, inputs: inputs, outputs: outputs.map(\.spec)).judge(outputs)
  }

  /// What an operation should give, to hold several backends' outputs against.
  ///
  /// - Throws: ``/LockstepCore/BackendError/indexOutOfRange(operation:origin:)`` where an index or a label is.
  public func exactResults(
    of operation: Operation, inputs: [TensorValue], outputs: [TensorSpec]
  ) throws(BackendError) -> ExactResults {
    let accuracy = operation.accuracy(inputs: inputs, outputs: outputs)
    switch accuracy {
    case .bits, .equal:
      let wanted = try Self.evaluate(operation, inputs, outputs)
      return ExactResults(outputs: wanted.map { .unrounded($0, signedZeros: accuracy == .bits) })
    case .rounded:
      return try scaled(operation, inputs, outputs, terms: 1) { _, exact in exact.map { $0.magnitude } }
    case .ulps(let count):
      // The rounded result is half a unit from the exact one; near zero units don't shrink.
      let share = Double(2 * count + 1) / 3
      return try scaled(operation, inputs, outputs, terms: 1) { output, exact in
        exact.map { share * max($0.magnitude, outputs[output].dtype.leastNormalMagnitude) }
      }
    case .bounded:
      let bounds = operation.errorBounds(inputs)
      return try scaled(operation, inputs, outputs, terms: 1) { output, _ in bounds[output].map { $0 / 3 } }
    case .accumulated(let terms) where outputs.count > 1:
      return try sums(operation, inputs, outputs, terms: terms)
    case .accumulated(let terms):
      let sums = try ExactSums.evaluate(operation, inputs, outputs[0])
      return ExactResults(
        outputs: [
          .rounded(
            RoundedResult(outputs[0], exact: sums.exact, scale: sums.magnitudes, terms: terms))
        ])
    }
  }

  /// Sums in several outputs, and what is no sum among them, such as the taps that won a pool.
  private func sums(
    _ operation: Operation, _ inputs: [TensorValue], _ outputs: [TensorSpec], terms: Int
  ) throws(BackendError) -> ExactResults {
    let exact = try Self.evaluate(operation, inputs.map(\.doubled), outputs.map(\.doubled))
    let scale = try Self.evaluate(operation, inputs.map(\.magnitudes.doubled), outputs.map(\.doubled))
    return ExactResults(
      outputs: outputs.indices.map { output in
        guard outputs[output].dtype.isFloatingPoint else {
          return .unrounded(exact[output], signedZeros: false)
        }
        return .rounded(
          RoundedResult(
            outputs[output], exact: exact[output].reals, scale: scale[output].reals, terms: terms))
      })
  }

  private func scaled(
    _ operation: Operation, _ inputs: [TensorValue], _ outputs: [TensorSpec], terms: Int,
    scale: (_ output: Int, _ exact: [Double]) -> [Double]
  ) throws(BackendError) -> ExactResults {
    let exact = try Self.evaluate(operation, inputs.map(\.doubled), outputs.map(\.doubled)).map(\.reals)
    return ExactResults(
      outputs: outputs.indices.map {
        let scale = scale($0, exact[$0])
        return .rounded(RoundedResult(outputs[$0], exact: exact[$0], scale: scale, terms: terms))
      })
  }

  /// What the reference gives.
  static func evaluate(
    _ operation: Operation, _ inputs: [TensorValue], _ outputs: [TensorSpec]
  ) throws(BackendError) -> [TensorValue] {
    let reference = ReferenceBackend()
    func operand(_ spec: TensorSpec) -> Operand {
      Operand(reference.allocate(byteCount: spec.byteCount), spec)
    }
    let operands = inputs.map { input in
      let operand = operand(input.spec)
      reference.write(input, to: operand)
      return operand
    }
    let results = outputs.map(operand)
    reference.submit(Instruction(operation, inputs: operands, outputs: results, origin: .current))
    var values: [TensorValue] = []
    for result in results { values.append(try reference.value(of: result)) }
    return values
  }
}

extension TensorSpec {
  /// In double precision, where it is in single.
  var doubled: TensorSpec { dtype == .float32 ? TensorSpec(shape, .float64) : self }
}

extension TensorValue {
  /// In double precision, which holds every number of single.
  var doubled: TensorValue { spec.dtype == .float32 ? TensorValue(spec.doubled, reals: reals) : self }
}
