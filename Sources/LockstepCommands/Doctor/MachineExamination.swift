import Lockstep
import LockstepDoctor

/// Looks at this machine: starts every backend, and measures OpenBLAS's kernels if that is wanted.
struct MachineExamination {
  let measures: Bool
  let openBLAS: String?
  private let progress = Terminal.standardError

  /// - Parameter openBLAS: the file of another OpenBLAS to be measured, too.
  init(measures: Bool, openBLAS: String?) {
    self.measures = measures
    self.openBLAS = openBLAS
  }

  func run() -> MachineReport {
    note("starting every backend")
    let checks = BackendRow.all.map { row in
      MachineReport.BackendCheck(
        name: row.name, translator: row.translator, backend: row.backend, problem: row.problem,
        install: row.install)
    }
    let measurement = checks.first { $0.name == BackendChoice.native.rawValue }?.backend.flatMap(measurement)
    if progress.isInteractive { progress.clearLine() }
    return MachineReport(backends: checks, measurement: measurement)
  }

  private func measurement(of native: BackendDescriptor) -> BLASMeasurement? {
    // A worker that a translated program starts may well not be translated: that would be another CPU's speed.
    guard measures, !MachineReport.isTranslated else { return nil }
    return BLASMeasuring(inUse: native.blasCore, library: openBLAS).measure {
      note("measuring OpenBLAS: \($0)")
    }
  }

  private func note(_ text: String) {
    if progress.isInteractive { progress.redraw(text) }
  }
}
