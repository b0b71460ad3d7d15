import Lockstep
import LockstepCore

/// What the fates of many seeds say.
struct DivergenceFindings {
  /// A p-value above this finds no difference; divided by how many pairs are looked at.
  private static let significance = 0.05

  let sentences: [String]

  init(_ divergence: Divergence?, _ words: EngineWords) {
    guard let divergence, let first = divergence.fates.first else {
      sentences = []
      return
    }
    let others = divergence.fates.dropFirst().filter { !$0.isTranslated }
    let pairs = divergence.pairs.filter { $0.first == first.engine && !words.isTranslated($0.second) }
    sentences =
      [Self.shares(divergence, first, Array(others), words)]
      + divergence.fates.filter(\.isTranslated).compactMap { Self.translated($0, divergence, words) }
      + Self.compare(pairs, words)
  }

  private static func shares(
    _ divergence: Divergence, _ first: Divergence.Fates, _ others: [Divergence.Fates], _ words: EngineWords
  ) -> String {
    let rate = NumberFormat.significant(divergence.learningRate)
    let interval = "\(Phrases.percent(first.lower)) to \(Phrases.percent(first.upper))"
    let start =
      "At a learning rate of \(rate), nearly too large, \(first.failed.count) of "
      + "\(Phrases.count(first.seeds.count, "seed")) fail \(words.place(first.engine)) "
      + "(\(Phrases.percent(first.share)); \(interval) of all seeds would)"
    guard let least = others.map(\.failed.count).min(), let most = others.map(\.failed.count).max() else {
      return start + "."
    }
    let range = least == most ? "\(most)" : "\(least) to \(most)"
    return start + ", with other kernels \(range)."
  }

  /// A translated engine's seeds against those of the same kernels untranslated.
  private static func translated(
    _ fates: Divergence.Fates, _ divergence: Divergence, _ words: EngineWords
  ) -> String? {
    let pair = divergence.pairs.first { $0.second == fates.engine && $0.first != divergence.fates[0].engine }
    guard let pair else { return nil }
    let place = Phrases.sentence(words.place(fates.engine))
    let seeds = Phrases.count(pair.seedCount, "seed")
    if pair.identicalCount == pair.seedCount {
      return
        "\(place) \(seeds) of these \(pair.seedCount == 1 ? "was" : "were") trained, to the same bits as with the same "
        + "kernels untranslated."
    }
    return "\(place) \(pair.seedCount - pair.identicalCount) of \(seeds) have other bits than untranslated, "
      + "\(pair.changedCount) another fate."
  }

  private static func compare(_ pairs: [Divergence.Pair], _ words: EngineWords) -> [String] {
    guard !pairs.isEmpty else { return [] }
    var sentences: [String] = []
    let changing = pairs.filter { $0.changedCount > 0 }
    if let most = changing.max(by: { $0.changedCount * $1.seedCount < $1.changedCount * $0.seedCount }) {
      sentences.append(
        "Which seeds fail depends on the kernels: up to \(most.changedCount) of \(most.seedCount) change fate "
          + "(\(words.place(most.second))).")
    } else {
      sentences.append("No seed's fate changed with the kernels.")
    }
    let limit = significance / Double(pairs.count)
    if let worst = pairs.filter({ $0.pValue <= limit }).min(by: { $0.pValue < $1.pValue }) {
      sentences.append(
        "How many fail differs, too: \(worst.onlySecond) fail \(words.place(worst.second)) alone, "
          + "\(worst.onlyFirst) \(words.place(worst.first)) alone (McNemar's test, "
          + "\(Phrases.pValue(worst.pValue))).")
    } else {
      let least = pairs.map(\.pValue).min() ?? 1
      let bound = pairs.map { max(abs($0.lower), abs($0.upper)) }.max() ?? 1
      sentences.append(
        "That more or fewer fail was not found (McNemar's test, smallest \(Phrases.pValue(least))); a difference of "
          + "up to \(Phrases.percent(bound)) could have been missed.")
    }
    return sentences
  }
}
