import Lockstep
import LockstepCore
import LockstepTraining

/// What became of a run of a sweep.
struct SweepOutcome {
  let run: SweepPlan.Run
  let folder: RunFolder
  let status: RunRecord.Status
  /// Nil of a run that was not begun.
  let record: RunRecord?
}

/// Makes the runs of a sweep, one after the other: those that are finished or failed are left as they are, those that
/// were stopped go on.
struct SweepRunner {
  private let folder: SweepFolder
  private let terminal: Terminal

  init(_ folder: SweepFolder, _ terminal: Terminal) {
    (self.folder, self.terminal) = (folder, terminal)
  }

  /// Makes them all, or as many as there is time for until it is asked to stop.
  ///
  /// - Throws: what keeps any run from being made. A training that diverges is a result.
  func run() throws -> [SweepOutcome] {
    let runs = folder.plan.runs
    terminal.write("sweep     \(folder.path): \(runs.count) \(runs.count == 1 ? "run" : "runs")")
    var outcomes: [SweepOutcome] = []
    for (index, run) in runs.enumerated() {
      if Interruption.wasRequested {
        outcomes.append(outcome(run, .interrupted))
        continue
      }
      let known = try record(of: run)
      let isOver = known.map { $0.status == .finished || $0.status == .failed } ?? false
      let title = "\(NumberFormat.right("\(index + 1)", "\(runs.count)".count))/\(runs.count)  \(run.name)"
      let outcome =
        isOver ? outcome(run, known?.status ?? .failed) : try train(run, goesOn: known != nil, title)
      outcomes.append(outcome)
      terminal.write("\(title)  \(Self.text(outcome))\(isOver ? ", was there already" : "")")
    }
    return outcomes
  }

  private func train(_ run: SweepPlan.Run, goesOn: Bool, _ title: String) throws -> SweepOutcome {
    let runFolder = folder.runFolder(run)
    let options = goesOn ? try SweepPlan.Run.resuming(runFolder.path) : try run.options(in: runFolder.path)
    // What a run has to say besides is said once a sweep, by the first of them.
    let plan = try TrainingPlan(options, report: Terminal.standardError.write)
    let recorder = RunRecorder(plan.folder, plan.record)
    let progress = SweepProgress(title, terminal)
    defer { terminal.clearLine() }
    do {
      try plan.trainer.fit(
        plan.data.train, test: plan.data.test, observers: [recorder, progress],
        shouldStop: { Interruption.wasRequested })
    } catch is TrainingError {
      // Recorded as what became of the run: too high a learning rate is worth knowing of.
    }
    if options.curves, recorder.record.status != .failed {
      _ = TrainingCurves(plan.folder, note: Terminal.standardError.write)
    }
    return SweepOutcome(
      run: run, folder: runFolder, status: recorder.record.status, record: recorder.record)
  }

  private func record(of run: SweepPlan.Run) throws -> RunRecord? {
    let runFolder = folder.runFolder(run)
    return runFolder.holdsRun ? try RunRecord(in: runFolder) : nil
  }

  private func outcome(_ run: SweepPlan.Run, _ status: RunRecord.Status) -> SweepOutcome {
    SweepOutcome(
      run: run, folder: folder.runFolder(run), status: status, record: try? record(of: run))
  }

  private static func text(_ outcome: SweepOutcome) -> String {
    guard let record = outcome.record else { return "not begun" }
    switch outcome.status {
    case .failed: return "failed: \(record.failure ?? "for a reason that was not recorded")"
    case .interrupted, .running: return "stopped after step \(record.stepCount)"
    case .finished:
      guard let result = record.result else { return "finished" }
      return "test accuracy \(NumberFormat.fixed(result.testAccuracy, 4)), test loss "
        + NumberFormat.fixed(result.testLoss, 4)
    }
  }
}

/// Draws how far a run is, where somebody watches.
private final class SweepProgress: TrainingObserver {
  private let title: String
  private let terminal: Terminal

  init(_ title: String, _ terminal: Terminal) { (self.title, self.terminal) = (title, terminal) }

  func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) {
    guard terminal.isInteractive else { return }
    terminal.redraw(
      "\(title)  epoch \(report.epoch)/\(trainer.configuration.epochs), test accuracy "
        + NumberFormat.fixed(report.test.accuracy, 4))
  }
}
