import Lockstep

/// What was done, and what was not.
struct ScopeFindings {
  let sentences: [String]

  init(_ record: ExperimentRecord) {
    let words = EngineWords(record)
    sentences =
      (record.status == .interrupted
        ? ["The experiment was interrupted; this is what there was by then."] : [])
      + Self.trained(record, words) + Self.missing(record) + Self.cut(record, words)
  }

  private static func trained(_ record: ExperimentRecord, _ words: EngineWords) -> [String] {
    let compared = Set(
      record.comparisons.filter { [.dispatch, .translation, .total].contains($0.role) }
        .flatMap { [$0.first, $0.second] })
    let places = record.curves.map(\.engine).filter { compared.contains($0) }.map { name -> String in
      let backend = record.engines.first { $0.name == name }?.backend
      let core = backend.map { " (OpenBLAS's \($0.blasCore), own \($0.isaLevel))" } ?? ""
      return words.place(name) + (words.isTranslated(name) ? "" : core)
    }
    guard !places.isEmpty else { return [] }
    return [
      "\(Phrases.sentence(record.model.name)) was trained on \(record.dataset.path) with "
        + "\(Phrases.count(record.seeds.count, "seed")): \(Phrases.list(places))."
    ]
  }

  private static func missing(_ record: ExperimentRecord) -> [String] {
    let missing = record.engines.filter { !$0.didStart }
    var sentences: [String] = []
    if !missing.isEmpty {
      let names = missing.map { engine in
        let why = engine.install.map { "to install it: \($0)" } ?? engine.problem ?? "it did not start"
        return "\(engine.name) (\(why))"
      }
      sentences.append("Not run here: \(Phrases.list(names)).")
    }
    if !record.engines.contains(where: { $0.isTranslated && $0.didStart }) {
      sentences.append("So nothing is said about translation.")
    }
    let lost = record.engines.filter { $0.didStart && $0.problem != nil }
    return sentences + lost.map { "On the way \($0.name) failed: \($0.problem ?? "")." }
  }

  private static func cut(_ record: ExperimentRecord, _ words: EngineWords) -> [String] {
    let cut = record.curves.filter { $0.isCut && words.isTranslated($0.engine) }
    guard !cut.isEmpty else { return [] }
    let parts = cut.map { "\($0.shortest) of \($0.wantedSteps) steps \(words.place($0.engine))" }
    return ["There was time for \(Phrases.list(parts))."]
  }
}
