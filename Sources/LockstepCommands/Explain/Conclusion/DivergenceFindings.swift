import Lockstep
import LockstepCore

/// What the fates of many seeds say.
struct DivergenceFindings {
  /// A p-value above this finds no difference; divided by how many pairs are looked at.
  private static let significance = 0.05

  let sentences: [String]

  init(_ divergence: Divergence?) {
    guard let divergence, let first = divergence.fates.first else {
      sentences = []
      return
    }
    let rate = NumberFormat.significant(divergence.learningRate)
    let rates = divergence.fates.map {
      "\($0.failed.count) of \($0.seeds.count) on \($0.engine) (\(Phrases.percent($0.lower)) to \(Phrases.percent($0.upper)))"
    }
    let pairs = divergence.pairs.filter { $0.first == first.engine }
    sentences =
      [
        "At a learning rate of \(rate), where many trainings fail, this many seeds do: \(Phrases.list(rates))."
      ]
      + Self.describe(pairs)
  }

  private static func describe(_ pairs: [Divergence.Pair]) -> [String] {
    guard !pairs.isEmpty else { return [] }
    var sentences: [String] = []
    let changing = pairs.filter { $0.changedCount > 0 }
    if changing.isEmpty {
      sentences.append("No seed's fate changes with what computes it.")
    } else {
      let most = changing.max { $0.changedCount * $1.seedCount < $1.changedCount * $0.seedCount }!
      sentences.append(
        "Which seeds fail depends on the kernels: up to \(most.changedCount) of \(most.seedCount) change fate "
          + "(\(most.second)).")
    }
    let limit = significance / Double(pairs.count)
    let different = pairs.filter { $0.pValue <= limit }
    if let worst = different.min(by: { $0.pValue < $1.pValue }) {
      sentences.append(
        "How many fail differs, too: \(worst.onlySecond) seeds fail on \(worst.second) alone, "
          + "\(worst.onlyFirst) on \(worst.first) alone (McNemar, \(Phrases.pValue(worst.pValue))).")
    } else {
      let least = pairs.map(\.pValue).min() ?? 1
      let bound = pairs.map { max(abs($0.lower), abs($0.upper)) }.max() ?? 1
      sentences.append(
        "No difference in how many fail was found (McNemar, smallest \(Phrases.pValue(least))); one of up to "
          + "\(Phrases.percent(bound)) could have been missed.")
    }
    return sentences
  }
}
