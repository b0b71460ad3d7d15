public import LockstepCore

extension Conformance {
  /// An index or a label out of range must be reported, must stay, and must not stop what comes after it.
  ///
  /// - Parameter make: gives a fresh backend, since a failed one stays failed.
  public static func checkFailures<Failure: Error>(
    of make: () throws(Failure) -> any Backend
  ) throws(Failure) -> ConformanceReport {
    var report = ConformanceReport(backend: try make().descriptor)
    for check in FailureCheck.all {
      let backend = try make()
      guard backend.supports(check.conformanceCase.operation, check.conformanceCase.dtype) else {
        report.skipped.append(check.conformanceCase.name)
        continue
      }
      report.caseCount += 1
      if let problem = check.problem(on: backend) { report.fail(check.conformanceCase, problem) }
    }
    return report
  }
}

/// An instruction that a backend must refuse.
private struct FailureCheck {
  let conformanceCase: ConformanceCase

  private static let origin = Origin(layer: "layers.3", phase: .backward)

  /// What is wrong with the way the backend fails.
  func problem(on backend: any Backend) -> String? {
    let operation = conformanceCase.operation
    let expected = BackendError.indexOutOfRange(operation: operation.name, origin: Self.origin)
    let inputs = conformanceCase.makeInputs()
    let sources = inputs.map { input in
      let buffer = backend.allocate(byteCount: input.bytes.count)
      input.bytes.withUnsafeBytes { backend.upload($0, to: buffer) }
      return Operand(buffer, input.spec)
    }
    let targets = conformanceCase.outputSpecs.map { spec in
      Operand(backend.allocate(byteCount: spec.byteCount), spec)
    }
    do {
      try backend.synchronize()
    } catch {
      return "failed before its time: \(error)"
    }
    backend.submit(Instruction(operation, inputs: sources, outputs: targets, origin: Self.origin))
    if let problem = mismatch(expected, { () throws(BackendError) in try backend.synchronize() }) {
      return "synchronize \(problem)"
    }

    // Whatever is asked for now is ignored; the first failure stays.
    let fill = Fill(.integer(1), targets[0].spec.shape, targets[0].spec.dtype)
    backend.submit(Instruction(.fill(fill), inputs: [], outputs: [targets[0]]))
    let late = backend.allocate(byteCount: 64)
    [UInt8](repeating: 1, count: 64).withUnsafeBytes { backend.upload($0, to: late) }
    let download = { () throws(BackendError) in _ = try backend.bytes(of: targets[0].buffer, count: 1) }
    if let problem = mismatch(expected, download) { return "download \(problem)" }
    for buffer in (sources + targets).map(\.buffer) + [late] { backend.release(buffer) }
    return mismatch(expected, { () throws(BackendError) in try backend.synchronize() })
      .map { "a second synchronize \($0)" }
  }

  private func mismatch(_ expected: BackendError, _ body: () throws(BackendError) -> Void) -> String? {
    do throws(BackendError) {
      try body()
      return "did not throw"
    } catch {
      return error == expected ? nil : "threw \(error) instead of \(expected)"
    }
  }

  static var all: [FailureCheck] {
    let indices: [[Int64]] = [[0, 3], [-1, 0], [0, .max], [.min, 1]]
    return indices.flatMap { pair in
      [DType.int32, .int64].flatMap { width in
        [
          refused(.gather(axis: 0), [[3, 2]], pair, width),
          refused(.gather(axis: 1), [[2, 3]], pair, width),
          refused(.scatterAdd(axis: 0, size: 3), [[2, 2]], pair, width),
          refused(.softmaxCrossEntropy(labelSmoothing: 0.1), [[2, 3]], pair, width),
          refused(.softmaxCrossEntropyGradient(labelSmoothing: 0), [[2, 3], [2]], pair, width),
        ]
      }
    }
  }

  /// Indices follow the first operand; int32 ones saturate, so that they stay out of range.
  private static func refused(
    _ operation: Operation, _ shapes: [Shape], _ indices: [Int64], _ width: DType
  ) -> FailureCheck {
    let bounds = width == .int32 ? Int64(Int32.min)...Int64(Int32.max) : Int64.min...Int64.max
    let clamped = indices.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
    var inputs = shapes.map { CaseInput($0, .float32, .uniform(-2...2)) }
    inputs.insert(CaseInput([2], width, .integers(clamped)), at: 1)
    return FailureCheck(
      conformanceCase: ConformanceCase("refuses \(width) \(clamped)", operation, inputs, .bits))
  }
}
