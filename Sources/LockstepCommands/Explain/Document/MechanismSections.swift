import Lockstep
import LockstepReports

/// Which numerical mechanisms showed here, and the experiments behind that.
struct MechanismSections {
  private let record: ExperimentRecord

  init(_ record: ExperimentRecord) { self.record = record }

  /// The table, then an experiment each.
  var sections: [Report.Section] {
    guard let findings = record.mechanisms else { return [] }
    let experiments: [(String, [Report.Block]?)] = [
      ("The account's examples", findings.examples?.blocks),
      ("From which size on kernels differ", findings.agreement?.blocks),
      ("How errors grow", findings.growth?.blocks), ("Types and back", findings.conversions?.blocks),
      ("What single instructions do", findings.probes?.blocks),
      ("What denormals cost", findings.denormals?.blocks),
    ]
    return [Report.Section("Mechanisms", MechanismRow.blocks(record.mechanismRows))]
      + experiments.compactMap { heading, blocks in blocks.map { Report.Section(heading, $0) } }
  }
}
