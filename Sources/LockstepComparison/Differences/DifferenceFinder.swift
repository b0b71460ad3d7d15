import LockstepBackends
import LockstepCore
import Synchronization

/// Watches two backends compute a training in lockstep, and keeps what differs.
///
/// It has to be told when a step begins; what is executed before the first, or after the last instruction of a
/// step, is not looked at.
final class DifferenceFinder: LockstepObserver {
  private let oracle = OperationOracle()
  private let judgedStepCount: Int
  private let state: Mutex<State>

  private struct State {
    var report: DifferenceReport
    var rows: [InstructionKind: Int] = [:]
    /// Instructions of the step so far; nil outside of a step.
    var position: Int?
    /// Whether the step has computed gradients: its numbers and the update follow.
    var hasGradients = false

    init(report: DifferenceReport) { self.report = report }

    /// The row of a kind of instruction; a new one if there is none yet.
    mutating func row(of kind: InstructionKind) -> Int {
      if let row = rows[kind] { return row }
      rows[kind] = report.rows.count
      report.rows.append(.init(kind: kind))
      return report.rows.count - 1
    }
  }

  /// Creates a finder.
  ///
  /// - Parameters:
  ///   - report: the report to fill in.
  init(_ report: DifferenceReport) {
    judgedStepCount = report.judgedStepCount
    state = Mutex(State(report: report))
  }

  /// What was found so far.
  var report: DifferenceReport { state.withLock { $0.report } }

  /// From now on instructions are the next step's.
  func beginStep() {
    state.withLock { state in
      state.report.steps.append(.init(step: state.report.steps.count + 1))
      state.position = 0
      state.hasGradients = false
    }
  }

  func observe(_ execution: LockstepExecution) throws(BackendError) {
    guard let place = nextPlace(execution.instruction) else { return }
    let finding = try InstructionFinding(
      execution, at: place, oracle: place.step <= judgedStepCount ? oracle : nil)
    state.withLock { state in
      let row = state.row(of: place.kind)
      finding.add(to: &state.report, row: row)
    }
  }

  /// Counts an instruction; nil of one that belongs to no step.
  private func nextPlace(_ instruction: Instruction) -> InstructionPlace? {
    let origin = instruction.origin
    return state.withLock { state in
      guard let position = state.position else { return nil }
      if origin.phase == .backward { state.hasGradients = true }
      // A step whose loss is not finite is computed once more, to find out where that begins.
      if state.hasGradients, origin.phase == .forward, !["", "metrics"].contains(origin.layer) {
        state.position = nil
        return nil
      }
      state.position = position + 1
      return InstructionPlace(
        step: state.report.steps.count, position: position + 1,
        kind: InstructionKind(
          operation: instruction.operation.name, layer: origin.layer, phase: origin.phase))
    }
  }
}
