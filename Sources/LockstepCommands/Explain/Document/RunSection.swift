import Lockstep
import LockstepCore
import LockstepReports

/// What computed, what could not, and where the time went.
struct RunSection {
  private let record: ExperimentRecord

  init(_ record: ExperimentRecord) { self.record = record }

  var section: Report.Section {
    let configuration = record.configuration
    return Report.Section(
      "What was run",
      [
        .list([
          "Model: \(record.model.name), \(NumberFormat.grouped(record.model.parameterCount)) parameters, images "
            + record.model.inputShape.map(String.init).joined(separator: "×"),
          "Data: \(record.dataset.path), \(NumberFormat.grouped(record.dataset.trainCount)) images, digest "
            + "\(record.dataset.digest.prefix(16))…",
          "Training: batch \(configuration.batchSize), learning rate \(configuration.learningRate), momentum "
            + "\(configuration.momentum), seeds \(record.seeds.map(String.init).joined(separator: ", "))",
          "Begun \(record.startedAt) by Lockstep \(record.lockstepVersion)",
        ]),
        .table(engines), .table(parts),
      ])
  }

  private var engines: Table {
    Table(
      "Engines",
      columns: [
        "engine", "own kernels", "OpenBLAS kernels", .number("threads"), "what stands between", "remarks",
      ],
      rows: record.engines.map { engine in
        let backend = engine.backend
        let remark = engine.problem.map { $0 + (engine.install.map { "; to install it: \($0)" } ?? "") }
        return [
          .init(engine.name), .init(backend?.isaLevel ?? "–"), .init(backend?.blasCore ?? "–"),
          .init(backend.map { "\($0.threads)" } ?? "–"), .init(backend?.translator ?? "–"),
          .init(remark ?? "", tone: engine.problem == nil ? .neutral : .caution),
        ]
      })
  }

  private var parts: Table {
    Table(
      "Time: \(NumberFormat.duration(record.seconds)) of \(NumberFormat.duration(record.budgetSeconds))",
      columns: ["part", .number("was given"), .number("took"), "what is missing"],
      texts: record.parts.map { part in
        [
          part.part.title, NumberFormat.duration(part.budgetSeconds), NumberFormat.duration(part.seconds),
          part.note ?? "",
        ]
      })
  }
}
