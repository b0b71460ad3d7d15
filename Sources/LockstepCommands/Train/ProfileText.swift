import Lockstep
import LockstepCore
import LockstepReports

/// Where the time of a training went, for a person.
struct ProfileText {
  /// What comes behind so many operations is put together.
  private static let rowLimit = 30

  private let profile: TrainingProfile
  /// Training images a second without a profile, if that was measured.
  private let unprofiledSpeed: Double?

  init(_ profile: TrainingProfile, unprofiledSpeed: Double?) {
    self.profile = profile
    self.unprofiledSpeed = unprofiledSpeed
  }

  /// Tables and remarks, nil where there is nothing to tell.
  func text(width: Int, style: TextStyle) -> String? {
    guard profile.stepCount > 0 else { return nil }
    let tables = [operations, parts].map { $0.text(width: width, style: style) }
    let remark = TextWrapping.wrap(remark, width: max(40, width)).joined(separator: "\n")
    return (tables + [remark]).joined(separator: "\n\n")
  }

  private var operations: Table {
    let (shown, rest) = (profile.rows.prefix(Self.rowLimit), profile.rows.dropFirst(Self.rowLimit))
    return Table(
      "Operations of \(NumberFormat.grouped(profile.stepCount)) steps, the first one of all not counted",
      columns: [
        "layer", "operation", "part", .number("calls"), .number("total"), .number("mean"), .number("share"),
        .number("GFLOP/s"),
      ],
      rows: shown.map { row in
        let rate = row.floatingPointOperations.map { $0 / max(row.seconds, 1e-12) / 1e9 }
        return cells(
          row.layer.isEmpty ? "–" : row.layer, row.operation, row.phase.short, row.callCount, row.seconds,
          rate.map(NumberFormat.significant) ?? "")
      } + (rest.isEmpty ? [] : [others(rest)]))
  }

  private func others(_ rows: ArraySlice<TrainingProfile.Row>) -> [Table.Cell] {
    cells(
      "–", "\(rows.count) others", "", rows.reduce(0) { $0 + $1.callCount },
      rows.reduce(0) { $0 + $1.seconds }, "")
  }

  private func cells(
    _ layer: String, _ operation: String, _ phase: String, _ count: Int, _ seconds: Double, _ rate: String
  ) -> [Table.Cell] {
    [
      layer, operation, phase, NumberFormat.grouped(count), Phrases.time(seconds),
      Phrases.time(seconds / Double(count)), share(seconds), rate,
    ].map { Table.Cell($0) }
  }

  /// The parts of a step, whose sum is its time.
  private var parts: Table {
    let host = profile.host
    let rows: [(String, Double)] = [
      ("forward", profile.seconds(in: .forward)), ("backward", profile.seconds(in: .backward)),
      ("update", profile.seconds(in: .update)),
      ("waiting for the batch, records", host.waitingSeconds),
      ("copying to the backend", host.uploadSeconds), ("copying from the backend", host.downloadSeconds),
      ("having and giving back memory", host.memorySeconds),
      ("host: tape, shapes, this profile", profile.otherSeconds), ("all", profile.seconds),
    ]
    return Table(
      "Parts of a step, on average",
      columns: ["part", .number("a step"), .number("share")],
      rows: rows.map { title, seconds in
        [
          Table.Cell(title), Table.Cell(Phrases.time(seconds / Double(profile.stepCount))),
          Table.Cell(share(seconds)),
        ]
      })
  }

  /// What the profile itself costs.
  private var remark: String {
    let bound =
      "Every operation was waited for before the next one, so these times are upper bounds"
    guard let unprofiledSpeed, profile.seconds > 0 else {
      return "\(bound); there were too few steps to say how long one takes without a profile."
    }
    let ratio = unprofiledSpeed * profile.seconds / Double(profile.imageCount)
    return "\(bound): a step took \(NumberFormat.ratio(ratio)) times as long as without a profile."
  }

  private func share(_ seconds: Double) -> String {
    "\(NumberFormat.fixed(100 * seconds / max(profile.seconds, 1e-12), 1))%"
  }
}

extension Origin.Phase {
  /// A word that leaves room for the operation's.
  fileprivate var short: String {
    switch self {
    case .forward: "fwd"
    case .backward: "bwd"
    case .update: "upd"
    }
  }
}
