public import ArgumentParser
import Lockstep

/// `lockstep train` and `train`.
public struct TrainCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train an image classifier on a folder of PNG files.",
    discussion: """
      Without options it trains models/digits-cnn.yaml on datasets/digits. Everything about the run goes into \
      a folder: run.json, metrics.csv (a row a step), best.safetensors, last.safetensors, final.safetensors, \
      curves.svg and curves.png.

      Ctrl-C finishes the step, saves, says how to go on, and ends with exit code 130. A run that goes on ends \
      with the very weights of one that was never stopped.
      """,
    version: LockstepVersion.current)

  @OptionGroup var options: TrainOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let reporter = ConsoleReporter(options)
    let limit = try options.timeLimit.map(TimeLimit.init)
    let plan = try TrainingPlan(options, report: reporter.note)
    Interruption.install()
    let recorder = RunRecorder(plan.folder, plan.record)
    let events: [any TrainingObserver] = [options.events.writer(plan.folder)].compactMap(\.self)
    reporter.begin(plan)
    let result: TrainingResult
    do {
      result = try plan.trainer.fit(
        plan.data.train, test: plan.data.test, observers: plan.profilers + events + [recorder, reporter],
        shouldStop: { Interruption.wasRequested || limit?.isReached == true })
    } catch let error as BackendError where plan.folder.holdsRun {
      // The environment failed, not the training: it may well go on from the last epoch.
      let command = "\(Program.train) --resume \(Program.quoted(plan.folder.path))"
      throw CommandFailure("\(error); go on with \(command)")
    }
    let curves = options.curves ? TrainingCurves(plan.folder, note: reporter.note) : nil
    if let profile = plan.profile { try OutputFile.write(profile.profiler.trace.json, to: profile.file) }
    try reporter.end(result, plan, recorder.record, curves)
    // A time limit is a wish that came true.
    if !result.isFinished, Interruption.wasRequested { throw ExitCode(Interruption.exitCode) }
  }
}

extension TrainingPlan {
  /// Who is told of a step before anybody else, so that what the others do is not taken for the step's.
  fileprivate var profilers: [any TrainingObserver] { [profile?.profiler].compactMap(\.self) }
}
