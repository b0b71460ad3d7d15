import Lockstep
import LockstepReports

/// What an experiment says, in plain words. Every clause is there because of a figure, and says what the figure
/// says: with other figures it is another sentence, or none.
struct Conclusion: Encodable, Hashable {
  /// The finding in a line.
  let headline: String
  /// The findings, a paragraph each.
  let paragraphs: [String]
  /// How they are to be taken.
  let tone: Report.Tone

  init(_ record: ExperimentRecord) {
    let bits = BitFindings(record)
    let time = TimeFindings(record)
    let divergence = DivergenceFindings(record.divergence)
    headline = Phrases.sentence([bits.headline, time.headline].joined(separator: "; ") + ".")
    tone = bits.tone
    let chaos = ChaosFindings(record.chaos)
    let groups = [
      Self.scope(record), bits.sentences, time.sentences, chaos.sentences + divergence.sentences,
    ]
    paragraphs = groups.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }

  /// What was done, and what was not.
  private static func scope(_ record: ExperimentRecord) -> [String] {
    var sentences: [String] = []
    if record.status == .interrupted {
      sentences.append("The experiment was interrupted; this is what there was by then.")
    }
    let missing = record.engines.filter { !$0.didStart }
    if !missing.isEmpty {
      let names = missing.map { engine in
        engine.install.map { "\(engine.name) (to install it: \($0))" }
          ?? "\(engine.name) (\(engine.problem ?? ""))"
      }
      sentences.append("Not run here: \(Phrases.list(names)).")
    }
    if !record.engines.contains(where: { $0.isTranslated && $0.didStart }) {
      sentences.append("So nothing is said about translation.")
    }
    let lost = record.engines.filter { $0.didStart && $0.problem != nil }
    sentences += lost.map { "\(Phrases.sentence($0.name)) failed on the way: \($0.problem ?? "")." }
    let cut = record.curves.filter { set in
      set.isCut && record.engines.contains { $0.name == set.engine && $0.isTranslated }
    }
    if !cut.isEmpty {
      let parts = cut.map { "\($0.shortest) of \($0.wantedSteps) on \($0.engine)" }
      sentences.append("There was time for part of the training steps only: \(Phrases.list(parts)).")
    }
    return sentences
  }

  private enum CodingKeys: CodingKey {
    case headline, paragraphs
  }
}
