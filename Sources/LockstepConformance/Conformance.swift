public import LockstepCore

/// The suite any backend can be held against.
///
/// ```swift
/// let report = Conformance.run(backend, against: ReferenceBackend())
/// precondition(report.passed, "\(report)")
/// ```
public enum Conformance {
  /// Every case of every operation.
  public static var cases: [ConformanceCase] { OperationKind.allCases.flatMap(\.cases) }

  /// Runs cases on a backend and holds the results against the oracle's.
  ///
  /// Every case is computed twice, into memory filled with different bytes. Both results must lie within
  /// bounds and have the same bits, nothing may be written behind the outputs, and the inputs must be left
  /// as they are.
  public static func run(
    _ backend: any Backend, against oracle: any Backend, cases: [ConformanceCase] = Conformance.cases
  ) -> ConformanceReport {
    run([backend], against: oracle, cases: cases)[0]
  }

  /// ``run(_:against:cases:)`` for several backends, in whose order the reports come; the oracle, mostly the
  /// slowest of all, computes every case once.
  public static func run(
    _ backends: [any Backend], against oracle: any Backend, cases: [ConformanceCase] = Conformance.cases
  ) -> [ConformanceReport] {
    var reports = backends.map { ConformanceReport(backend: $0.descriptor) }
    for conformanceCase in cases {
      let expectation = Result { () throws(BackendError) in try Expectation(conformanceCase, oracle) }
      for (index, backend) in backends.enumerated() {
        guard backend.supports(conformanceCase.operation, conformanceCase.dtype) else {
          reports[index].skipped.append(conformanceCase.name)
          continue
        }
        reports[index].caseCount += 1
        do throws(BackendError) {
          if let problem = try expectation.get().problem(of: backend) {
            reports[index].fail(conformanceCase, problem)
          }
        } catch {
          reports[index].fail(conformanceCase, "failed: \(error)")
        }
      }
    }
    return reports
  }

  /// Runs cases on two backends that must give the same bits, such as one with other threads or in another
  /// process. Any NaN is as good as another.
  public static func compareBits(
    _ backend: any Backend, with other: any Backend, cases: [ConformanceCase] = Conformance.cases
  ) -> ConformanceReport {
    var report = ConformanceReport(backend: backend.descriptor)
    for conformanceCase in cases {
      guard [backend, other].allSatisfy({ $0.supports(conformanceCase.operation, conformanceCase.dtype) })
      else {
        report.skipped.append(conformanceCase.name)
        continue
      }
      report.caseCount += 1
      if let problem = difference(of: conformanceCase, backend, other) {
        report.fail(conformanceCase, problem)
      }
    }
    return report
  }

  private static func difference(
    of conformanceCase: ConformanceCase, _ backend: any Backend, _ other: any Backend
  ) -> String? {
    let inputs = conformanceCase.makeInputs()
    let specs = conformanceCase.outputSpecs
    do {
      let first = try Evaluation(conformanceCase.operation, inputs, specs, on: backend, fill: 0xFF).outputs
      let second = try Evaluation(conformanceCase.operation, inputs, specs, on: other, fill: 0xFF).outputs
      for index in specs.indices {
        let mismatch = Comparison.worst(first[index], second[index], .bits, slack: [])
        if let mismatch { return mismatch.description(output: index, of: specs) }
      }
      return nil
    } catch {
      return "failed: \(error)"
    }
  }
}
