/// What does not compute here, and whether it should.
struct BackendDiagnosis {
  private let report: MachineReport

  init(_ report: MachineReport) { self.report = report }

  var findings: [Finding] {
    let running = report.backends.filter { $0.backend != nil }
    let good = Finding(
      .good, "\(running.count) backends start: \(running.map(Self.title).joined(separator: ", "))")
    return (running.isEmpty ? [] : [good]) + report.backends.compactMap(finding)
  }

  private static func title(_ check: MachineReport.BackendCheck) -> String {
    check.translator.map { "\(check.name) (\($0))" } ?? check.name
  }

  private func finding(_ check: MachineReport.BackendCheck) -> Finding? {
    guard let problem = check.problem, isMeantForThisMachine(check) else { return nil }
    let title = "\(Self.title(check)) does not start"
    if check.name == "emulated-arm64" {
      return Finding(.note, title, evidence: [problem], remedy: ["scripts/build-worker arm64"])
    }
    let remedy = check.install.map { [$0] } ?? []
    let isBroken = check.translator == nil
    return Finding(
      isBroken ? .problem : .warning, title, evidence: [problem],
      remedy: isBroken && check.name != "native" ? ["swift build --product lockstep-worker"] : remedy)
  }

  /// Translators of x86-64 code for ARM hosts are not missed elsewhere, nor x86-64 code on an ARM host without one.
  private func isMeantForThisMachine(_ check: MachineReport.BackendCheck) -> Bool {
    let isARM = report.program.architecture == .arm64
    switch check.translator {
    case "box64"?, "fex"?, "rosetta"?: return false
    case "valgrind"?: return !isARM
    default: return !(isARM && check.name == "control-x86")
    }
  }
}
