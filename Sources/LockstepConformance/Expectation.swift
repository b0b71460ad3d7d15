import LockstepCore

/// A case with its operands, the oracle's results, and how far off another's may be.
struct Expectation {
  private let conformanceCase: ConformanceCase
  private let inputs: [TensorValue]
  private let specs: [TensorSpec]
  private let wanted: [TensorValue]
  /// For every element of every output, where the tolerance depends on the inputs.
  private let slack: [[Double]]

  init(_ conformanceCase: ConformanceCase, _ oracle: any Backend) throws(BackendError) {
    self.conformanceCase = conformanceCase
    inputs = conformanceCase.makeInputs()
    specs = conformanceCase.outputSpecs
    wanted = try Evaluation(conformanceCase.operation, inputs, specs, on: oracle, fill: 0xFF).outputs
    slack = try Self.slack(conformanceCase, inputs, wanted, oracle)
  }

  /// What is wrong with a backend's results, or nil.
  func problem(of backend: any Backend) throws(BackendError) -> String? {
    let operation = conformanceCase.operation
    let first = try Evaluation(operation, inputs, specs, on: backend, fill: 0xFF)
    if let problem = first.problem(inputs) { return problem }
    let second = try Evaluation(operation, inputs, specs, on: backend, fill: 0x5A)
    if let problem = second.problem(inputs) { return problem }
    for index in specs.indices {
      let mismatch = Comparison.worst(
        first.outputs[index], wanted[index], conformanceCase.tolerance, slack: slack[index])
      if let mismatch { return mismatch.description(output: index, of: specs) }
    }
    return first.outputs == second.outputs ? nil : "not deterministic: two runs gave different bits"
  }

  private static func slack(
    _ conformanceCase: ConformanceCase, _ inputs: [TensorValue], _ wanted: [TensorValue],
    _ oracle: any Backend
  ) throws(BackendError) -> [[Double]] {
    let unscaled: [[Double]]
    switch conformanceCase.tolerance {
    case .bits, .equal, .ulps: return wanted.map { _ in [] }
    case .scaled(let bounds): unscaled = bounds(inputs)
    case .accumulated(let terms):
      guard conformanceCase.dtype.isFloatingPoint else { return wanted.map { _ in [] } }
      let factor = Accuracy.accumulationFactor(terms: terms)
      let sums = try Evaluation(
        conformanceCase.operation, inputs.map(\.magnitudes), wanted.map(\.spec), on: oracle, fill: 0xFF)
      unscaled = sums.outputs.map { output in
        output.spec.dtype.isFloatingPoint ? output.reals.map { $0 * factor } : []
      }
    }
    return zip(wanted, unscaled).map { wanted, bounds in
      let unit = wanted.spec.dtype.unitRoundoff
      let underflow = Tolerance.underflow(wanted.spec.dtype)
      return bounds.map { $0 * unit + underflow }
    }
  }
}
