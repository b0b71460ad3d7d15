public import ArgumentParser
import Lockstep

/// `lockstep explain`.
public struct ExplainCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Find out what another machine would change in a training, and why.",
    discussion: """
      Trains one model on one data set natively, with another CPU's kernels, and under binary translators; \
      measures times, compares bits and curves, and writes a report: report.html, report.json, charts. \
      Without options it is about models/digits-cnn.yaml on datasets/digits.

      What there is no time for is left out, and the report says so. Ctrl-C ends with a report of what there \
      is, and exit code 130.
      """)

  @OptionGroup var options: ExplainOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let reporter = ExplainReporter(options)
    let plan = try ExplainPlan(options, report: reporter.note)
    let folder = try ReportFolder(options.output)
    Interruption.install()
    reporter.begin(plan)
    let experiment = Experiment(
      plan.task, plan.settings, record: plan.record, observer: reporter,
      isInterrupted: { Interruption.wasRequested })
    let record = try experiment.run()
    reporter.willWrite()
    let report = ExplainReport(record, command: Self.command(options))
    if let problem = try report.write(to: folder) { reporter.note(problem) }
    try folder.publish()
    try reporter.end(report, folder)
    if record.status == .interrupted { throw ExitCode(Interruption.exitCode) }
  }

  /// The command as a person would type it again.
  private static func command(_ options: ExplainOptions) -> String {
    var words = [Program.explain, "--budget \(options.budget)", "--seeds \(options.seeds)"]
    let subject = options.subject
    let named: [(String, String?)] = [
      ("--data", subject.data), ("--model", subject.model), ("--translator", options.translator),
      ("--cpu-profile", options.cpuProfile), ("--threads", options.threads.map(String.init)),
      ("--validation-split", subject.images.validationSplit.map { "\($0)" }),
      ("--resize", subject.images.resize),
      ("--channels", subject.images.channels.map(String.init)),
    ]
    words += named.compactMap { name, value in value.map { "\(name) \(Program.quoted($0))" } }
    return words.joined(separator: " ")
  }
}
