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
    let words = EngineWords(record)
    let bits = BitFindings(record, words)
    let time = TimeFindings(record)
    headline = Phrases.sentence([bits.headline, time.headline].joined(separator: "; ") + ".")
    tone = bits.tone
    let training = ChaosFindings(record.chaos, words).sentences
    let fates = DivergenceFindings(record.divergence, words).sentences
    let groups = [
      ScopeFindings(record).sentences, bits.sentences, time.sentences, training + fates,
      MechanismSentences(record).sentences, bits.consequence,
    ]
    paragraphs = groups.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }

  private enum CodingKeys: CodingKey {
    case headline, paragraphs
  }
}
