import Lockstep
import LockstepCore
import LockstepReports

extension DiffFindings {
  /// The findings as a document.
  func document(command: String) -> Report {
    Report(
      title: "\(names.first) and \(names.second) in lockstep",
      verdict: verdict, tone: tone, summary: summary,
      sections: [faults, differences, flips, table, setting].compactMap(\.self), command: command)
  }

  private var summary: [String] {
    [
      "\(modelName) was trained on \(dataset.path) for \(Self.count(computedStepCount, "step")), seed "
        + "\(report.seed). Each of \(Self.count(report.instructionCount, "instruction")) was computed by "
        + "both from the same inputs; \(NumberFormat.grouped(report.differingInstructionCount)) gave "
        + "different results.", bandsInWords,
    ] + [lossGrowth.map { "Losses: \($0)." }].compactMap(\.self) + limitsOfSearch.map(Self.sentence)
  }

  private var bandsInWords: String {
    switch report.worstBand {
    case .red: "A result is beyond what rounding can do: an operation is faulty."
    case .amber: "Every result is within what rounding can do; some add up poorly."
    case .green: "Every result that was held against float64 is as good as a sound sum gives."
    case nil: "Nothing was held against float64."
    }
  }

  private var faults: Report.Section? {
    firstFault.map { .init("The faulty operation", [.list($0)]) }
  }

  private var differences: Report.Section? {
    firstDifference.map { .init("The first difference", [.list($0)]) }
  }

  private var flips: Report.Section? {
    guard report.firstDifference != nil else { return nil }
    let none = "No unit decided otherwise in these steps."
    return .init(
      "The first flip",
      [firstFlip.map { .list($0) } ?? .paragraph(none), .chart(lossChart), .table(losses)])
  }

  private var table: Report.Section { .init("Operations", [.table(operations)]) }

  private var setting: Report.Section {
    .init(
      "What was compared",
      [
        .list([
          "first: \(report.first.summary)", "second: \(report.second.summary)",
          "images: \(dataset.path), digest \(dataset.digest)",
          "batch size \(configuration.batchSize), learning rate \(configuration.learningRate), momentum "
            + "\(configuration.momentum), seed \(report.seed)",
        ])
      ])
  }

  private var lossChart: Chart {
    let points = report.steps.compactMap { step in
      step.lossDifference.map { Chart.Point(Double(step.step), $0 == 0 ? .nan : $0) }
    }
    let rules = [(report.firstFlip?.place.step, "first flip"), (report.partingStep, "losses part")]
      .compactMap { step, label in step.map { Chart.Mark.verticalRule(Double($0), label: label) } }
    return Chart(
      "How far apart the losses are", summary: lossGrowth ?? "They are equal.",
      x: .init("step"), y: .init("difference of losses", .logarithmic),
      marks: [.line(.init("difference", points))] + rules)
  }

  private static func sentence(_ phrase: String) -> String {
    phrase.prefix(1).uppercased() + phrase.dropFirst() + "."
  }
}
