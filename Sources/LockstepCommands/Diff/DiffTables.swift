import Lockstep
import LockstepReports

// What is laid out in tables.
extension DiffFindings {
  /// Steps shown before and after one where something happens.
  private static let stepsBefore = 3
  private static let stepsAfter = 10

  /// Every operation of every layer.
  var operations: Table {
    let (first, second) = names
    return Table(
      "Operations by layer: how many differ from the same inputs, and how good each backend is (ρ of at most K + 2)",
      columns: [
        "where", .number("differ"), .number("elements"), .number("ulp"), .number("ρ \(first)"),
        .number("ρ \(second)"), .number("K"), "closer", "band",
      ],
      rows: rowsByLayer.map(cells))
  }

  /// The rows, a layer's together, in the order in which layers compute; what belongs to none is last.
  private var rowsByLayer: [DifferenceReport.Row] {
    var layers: [String] = []
    for row in report.rows where !layers.contains(row.kind.layer) { layers.append(row.kind.layer) }
    let sorted = layers.filter { !$0.isEmpty } + layers.filter(\.isEmpty)
    return sorted.flatMap { layer in report.rows.filter { $0.kind.layer == layer } }
  }

  private func cells(_ row: DifferenceReport.Row) -> [Table.Cell] {
    let numbers = numbers(row)
    return [Table.Cell("\(row.kind)")] + numbers.prefix(5)
      + [Table.Cell(terms(row)), Table.Cell(closerCell(row.closeness))] + numbers.suffix(1)
  }

  /// Instructions, elements, distance, both ρ, band.
  private func numbers(_ row: DifferenceReport.Row) -> [Table.Cell] {
    let isJudged = row.judgedCount > 0
    let differs = row.differingElementCount > 0
    return [
      Table.Cell("\(row.differingInstructionCount)/\(row.instructionCount)"),
      Table.Cell(differs ? Self.percent(row.differingElementCount, of: row.elementCount) : "0"),
      Table.Cell(differs ? Self.number(row.largestUlps) : "0"), cell(row.first, isJudged),
      cell(row.second, isJudged),
      row.worstBand.map { Table.Cell($0.rawValue, tone: Self.tone($0)) } ?? "not judged",
    ]
  }

  private func terms(_ row: DifferenceReport.Row) -> String {
    let terms = max(row.first.terms, row.second.terms)
    return row.judgedCount == 0 ? "" : terms == 0 ? "exact" : "\(terms)"
  }

  private func cell(_ quality: DifferenceReport.Quality, _ isJudged: Bool) -> Table.Cell {
    isJudged ? Table.Cell(Self.rho(quality.worstRho), tone: Self.tone(quality.band)) : ""
  }

  private func closerCell(_ closeness: Closeness) -> String {
    guard closeness.first + closeness.second > 0 else { return "" }
    return closeness.first > closeness.second
      ? "\(names.first) \(Self.percent(closeness.first, of: closeness.total))"
      : "\(names.second) \(Self.percent(closeness.second, of: closeness.total))"
  }

  /// What differs or is not green, a line each under its layer and phase: narrow enough for a terminal.
  var noteworthyOperations: Table? {
    let shown = rowsByLayer.filter { row in
      row.differingInstructionCount > 0 || row.worstBand ?? .green != .green
    }
    guard !shown.isEmpty else { return nil }
    var rows: [[Table.Cell]] = []
    var heading = ""
    for row in shown {
      let place =
        "\(row.kind.layer) (\(row.kind.phase.rawValue))"
      if place != heading { rows.append([Table.Cell(place)] + Array(repeating: "", count: 7)) }
      heading = place
      rows.append(
        [Table.Cell(row.kind.operation)] + numbers(row).prefix(5) + [Table.Cell(terms(row))]
          + numbers(row).suffix(1))
    }
    return Table(
      "Operations that differ from the same inputs (ρ of \(names.first), then of \(names.second))",
      columns: [
        "operation", .number("differ"), .number("share"), .number("ulp"), .number("ρ"), .number("ρ"),
        .number("K"), "band",
      ],
      rows: rows)
  }

  /// What ``noteworthyOperations`` leaves out; nil if that is nothing.
  var unremarkableOperations: String? {
    let count = report.rows.filter { row in
      row.differingInstructionCount == 0 && row.worstBand ?? .green == .green
    }.count
    return count == 0 ? nil : "\(Self.count(count, "operation")) of layers never differed, and are green"
  }

  static func tone(_ band: OperationBand) -> Report.Tone {
    switch band {
    case .green: .good
    case .amber: .caution
    case .red: .bad
    }
  }

  /// The losses around the first flip and where they part, or of the first steps where there is no flip.
  var losses: Table {
    let parting = report.partingStep
    let events = [report.firstFlip?.place.step ?? 1, parting].compactMap(\.self)
    let shown = report.steps.filter { step in
      let isNear = events.contains { ($0 - Self.stepsBefore...$0 + Self.stepsAfter).contains(step.step) }
      return (isNear || step.step == report.steps.count) && step.loss != nil
    }
    let (first, second) = names
    return Table(
      "Losses, each backend on its own stream",
      columns: [
        .number("step"), .number(first), .number(second), .number("difference"), .number("flips"), "",
      ],
      rows: shown.map { step in
        [
          Table.Cell("\(step.step)"), Table.Cell(step.loss.map { "\(Float($0.first))" } ?? ""),
          Table.Cell(step.loss.map { "\(Float($0.second))" } ?? ""),
          Table.Cell(step.lossDifference.map { $0 == 0 ? "0" : Self.scientific($0) } ?? ""),
          Table.Cell("\(step.flipCount)"),
          step.step == report.firstFlip?.place.step
            ? "first flip" : step.step == parting ? "losses part" : "",
        ]
      })
  }
}
