import Lockstep
import LockstepCore

/// Tells a person how a training goes: what it is, a line that moves (on a terminal), a line an epoch, where
/// everything is in the end.
final class ConsoleReporter: TrainingObserver {
  /// The line that moves is drawn at most every so many seconds.
  private static let redrawInterval = 0.1

  /// The table of the epochs; with the mark of the best one it fits in 80 columns.
  private var columns = ["epoch", "loss", "accuracy", "test loss", "test accuracy", "time", "images/s"]
  /// Room for a number of each column.
  private static let columnWidth = 6

  private let terminal: Terminal
  private let isQuiet: Bool
  private let printsRecord: Bool
  private let clock = ContinuousClock()
  private var begin: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant
  /// When the last step was saved: what is drawn afterwards is no part of the training.
  private var ended: ContinuousClock.Instant
  private var firstStep = 0
  private var epochCount = 0

  /// Under `--json` standard output is the record's alone, and what a person reads goes to standard error.
  init(_ options: TrainOptions) {
    terminal = options.json ? .standardError : .standardOutput
    isQuiet = options.quiet
    printsRecord = options.json
    begin = clock.now
    lastDrawn = clock.now
    ended = clock.now
  }

  /// A remark besides.
  func note(_ line: String) {
    if !isQuiet { Terminal.standardError.write(line) }
  }

  func begin(_ plan: TrainingPlan) {
    epochCount = plan.trainer.configuration.epochs
    firstStep = plan.trainer.position.step
    begin = clock.now
    guard !isQuiet else { return }
    let (data, backend) = (plan.data, plan.record.backend)
    let size = "\(data.train.height)x\(data.train.width)x\(data.train.channels)"
    line(
      "data",
      "\(plan.record.dataset.path): \(data.train.classNames.count) classes, images \(size), "
        + "\(NumberFormat.grouped(data.train.count)) to train, \(NumberFormat.grouped(data.test.count)) to test"
    )
    if data.train.isStreamed {
      let batches = BatchLoader(data.train, batchSize: plan.trainer.configuration.batchSize)
      let peak = NumberFormat.byteCount(batches.peakByteCount)
      line("", "streamed from their files, at most \(peak) of samples in memory")
    }
    line("backend", backend.summary)
    line("model", "\(plan.record.model.name)")
    terminal.write("")
    terminal.write("\(plan.summary)".split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    terminal.write("")
    let configuration = plan.trainer.configuration
    line(
      "training",
      "\(epochs(configuration.epochs)), batch \(configuration.batchSize), "
        + "\(OptimizationText(configuration).rule), "
        + (configuration.labelSmoothing > 0 ? "label smoothing \(configuration.labelSmoothing), " : "")
        + "seed \(configuration.seed)")
    if let preparation = configuration.preparation { line("images", preparation) }
    for (index, extra) in OptimizationText(configuration).extras.enumerated() {
      line(index == 0 ? "with" : "", extra)
    }
    line("run", plan.folder.path)
    if firstStep > 0 { line("resuming", "after step \(firstStep)") }
    if let note = BLASNote(backend).text { line("note", note) }
    terminal.write("")
    if configuration.optimization.averageDecay != nil {
      // What is judged is the average.
      columns = columns.map { $0.hasPrefix("test") ? "ema" + $0.dropFirst("test".count) : $0 }
    }
    terminal.write(terminal.style(.dim, row(columns)))
  }

  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) {
    guard terminal.isInteractive, !isQuiet else { return }
    let now = clock.now
    guard lastDrawn.duration(to: now).seconds >= Self.redrawInterval else { return }
    lastDrawn = now
    let done = report.step - firstStep
    let total = report.batchCount * epochCount - firstStep
    let elapsed = begin.duration(to: now).seconds
    let remaining = elapsed / Double(done) * Double(total - done)
    let before = "epoch \(position(report.epoch))  "
    let behind =
      "  loss \(NumberFormat.fixed(Double(report.loss), 4))  accuracy \(NumberFormat.fixed(report.accuracy, 3))"
      + "  \(speed(Double(report.imageCount) / report.seconds)) images/s"
      + "  ETA \(NumberFormat.duration(remaining))"
    // What is left of the line is the bar's.
    let bar = bar(report.batch, report.batchCount, width: terminal.lineWidth - before.count - behind.count)
    terminal.redraw(before + bar + behind)
  }

  func epochDidEnd(_ report: EpochReport, _ trainer: Trainer) {
    guard !isQuiet else { return }
    terminal.clearLine()
    let judged = report.averageTest ?? report.test
    let cells = [
      position(report.epoch), NumberFormat.fixed(report.loss, 4), NumberFormat.fixed(report.accuracy, 4),
      NumberFormat.fixed(judged.loss, 4), NumberFormat.fixed(judged.accuracy, 4),
      NumberFormat.duration(report.seconds), report.imagesPerSecond.map(speed) ?? "",
    ]
    terminal.write(row(cells) + (report.isBest ? terminal.style(.green, "  best") : ""))
  }

  func trainingDidEnd(_ result: TrainingResult, _ trainer: Trainer) { ended = clock.now }

  func trainingDidFail(_ error: any Error, _ trainer: Trainer) { terminal.clearLine() }

  func end(
    _ result: TrainingResult, _ plan: TrainingPlan, _ record: RunRecord, _ curves: TrainingCurves?
  ) throws {
    if printsRecord { try Terminal.standardOutput.writeResult(record.json) }
    guard !isQuiet else { return }
    terminal.clearLine()
    terminal.write("")
    if let sentinel = plan.sentinel { reportChecks(sentinel.report) }
    if let profile = plan.profile { report(profile) }
    result.isFinished ? endFinished(plan, record, curves) : endInterrupted(result, plan)
  }

  /// Where the time went.
  private func report(_ profile: TrainingPlan.Profile) {
    let text = ProfileText(profile.profiler.profile, unprofiledSpeed: profile.unprofiledSpeed)
    if let text = text.text(width: terminal.lineWidth, style: terminal.textStyle) {
      terminal.write(text)
    } else {
      terminal.write("There were too few steps to say where the time goes.")
    }
    terminal.write("")
    line("trace", "\(profile.file); open it in chrome://tracing or https://ui.perfetto.dev")
  }

  /// What was checked, and at what cost.
  private func reportChecks(_ report: SentinelReport) {
    let seconds = begin.duration(to: ended).seconds
    let checks = report.checkTime.seconds
    let share = checks / max(seconds - checks - report.judgementTime.seconds, .leastNormalMagnitude)
    let judged =
      switch (report.judgedCount, report.poorCount) {
      case (0, _): "none looked into"
      case (let judged, 0): "\(NumberFormat.grouped(judged)) looked into and sound"
      case (let judged, let poor):
        "\(NumberFormat.grouped(judged)) looked into, \(NumberFormat.grouped(poor)) of them added up poorly"
      }
    line(
      "checked",
      "\(NumberFormat.grouped(report.operationCount)) products of \(NumberFormat.grouped(report.elementCount)) "
        + "elements, \(judged); \(NumberFormat.fixed(share * 100, 1)) % more time")
  }

  private func endFinished(_ plan: TrainingPlan, _ record: RunRecord, _ curves: TrainingCurves?) {
    let seconds = NumberFormat.duration(begin.duration(to: ended).seconds)
    let accuracy = record.result.map { NumberFormat.fixed($0.testAccuracy, 4) } ?? "?"
    let best = record.result.map { NumberFormat.fixed($0.bestTestAccuracy, 4) } ?? "?"
    let early = record.isStoppedEarly == true ? ", stopped early," : ""
    let average =
      record.result?.averageTestAccuracy.map { ", of the average \(NumberFormat.fixed($0, 4))" } ?? ""
    line(
      "finished",
      "\(epochs(record.epochCount))\(early) in \(seconds), test accuracy \(accuracy)\(average) (best \(best))"
    )
    if let times = record.timing?.timesNative, let native = record.nativeImagesPerSecond {
      line(
        "time",
        "\(NumberFormat.significant(times)) times as long as native "
          + "(\(speed(record.timing?.imagesPerSecond ?? 0)) against \(speed(native)) images/s)")
    }
    line("weights", plan.folder.finalWeights)
    if record.result?.averageTestAccuracy != nil { line("average", plan.folder.averageWeights) }
    line("digest", record.result?.weightsDigest ?? "?")
    if let curves { line("curves", curves.files[0]) }
    line("next", "\(Program.lockstep) evaluate \(Program.quoted(plan.folder.path))")
    line("", "\(Program.lockstep) predict \(Program.quoted(plan.folder.path)) IMAGE.png")
  }

  private func endInterrupted(_ result: TrainingResult, _ plan: TrainingPlan) {
    line(
      "stopped", "after step \(result.position.step), in epoch \(result.position.epoch + 1) of \(epochCount)")
    line("weights", plan.folder.lastWeights)
    line("go on", "\(Program.train) --resume \(Program.quoted(plan.folder.path))")
  }

  private func line(_ title: String, _ text: String) {
    terminal.write(terminal.style(.bold, NumberFormat.left(title, 10)) + text)
  }

  /// A row of the table of epochs, each cell as wide as its column's title at least.
  private func row(_ cells: [String]) -> String {
    zip(cells, columns).enumerated().map { index, pair in
      let width = index == 0 ? position(epochCount).count : Self.columnWidth
      return NumberFormat.right(pair.0, max(pair.1.count, width))
    }.joined(separator: "  ")
  }

  /// An epoch of all, such as ` 3/20`.
  private func position(_ epoch: Int) -> String {
    "\(NumberFormat.right("\(epoch)", "\(epochCount)".count))/\(epochCount)"
  }

  private func epochs(_ count: Int) -> String { count == 1 ? "1 epoch" : "\(count) epochs" }

  private func speed(_ imagesPerSecond: Double) -> String {
    // A clock may not have moved during a step.
    imagesPerSecond.isFinite ? NumberFormat.grouped(Int(imagesPerSecond.rounded())) : "?"
  }

  private func bar(_ part: Int, _ whole: Int, width: Int) -> String {
    let width = min(20, max(0, width))
    let filled = part * width / max(1, whole)
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
