import Lockstep

/// How many of the mechanisms showed, and which did not.
struct MechanismSentences {
  let sentences: [String]

  init(_ record: ExperimentRecord) {
    let rows = record.mechanisms == nil ? [] : record.mechanismRows
    let looked = rows.filter { $0.outcome != .notRunHere }
    guard !looked.isEmpty else {
      sentences = []
      return
    }
    let reproduced = looked.filter { $0.outcome == .reproduced }
    let absent = looked.filter { $0.outcome == .notReproduced }
    let others = rows.count - looked.count
    var found = [
      "Of \(rows.count) ways in which another machine is said to change a training, \(reproduced.count) showed here"
        + (absent.isEmpty ? "" : ", \(absent.count) did not")
        + (others == 0 ? "." : ", \(others) \(others == 1 ? "was" : "were") not looked for.")
    ]
    let origins = Dictionary(grouping: reproduced, by: \.belongsTo.rawValue).sorted { $0.key < $1.key }
    if !origins.isEmpty {
      let counts = origins.map { "\($0.key) (\($0.value.count))" }
      found.append("Those that showed belong to: \(Phrases.list(counts)).")
    }
    if !absent.isEmpty {
      found.append("Not reproduced: \(absent.map(\.mechanism).joined(separator: "; ")).")
    }
    sentences = found
  }
}
