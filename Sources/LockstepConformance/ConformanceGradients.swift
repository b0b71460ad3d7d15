public import LockstepCore

extension Conformance {
  /// Every gradient check of every operation.
  public static var gradientChecks: [GradientCheck] { OperationKind.allCases.flatMap(\.gradientChecks) }

  /// Differentiates operations with the tape, in float64 on a backend, and holds the gradients against
  /// central differences of what the backend computes without it.
  public static func checkGradients(
    on backend: any Backend, checks: [GradientCheck] = Conformance.gradientChecks
  ) -> ConformanceReport {
    var report = ConformanceReport(backend: backend.descriptor)
    let device = Device(backend)
    for check in checks {
      report.caseCount += 1
      do {
        if let problem = try check.problem(on: device) { report.fail(check, problem) }
      } catch {
        report.fail(check, "failed: \(error)")
      }
    }
    return report
  }
}
