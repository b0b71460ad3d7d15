import Lockstep

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the step times say.
struct TimeFindings {
  /// A factor whose logarithm is at least this part of the total's is nearly all of it.
  private static let nearlyAll = 0.75
  /// What a ratio must differ from 1 by for the parts to be worth ascribing.
  private static let noticeable = 1.05

  /// The total in a few words.
  let headline: String
  let sentences: [String]

  init(_ record: ExperimentRecord) {
    let totals = record.times.filter { $0.total != nil }
    if let first = totals.first(where: { $0.translator != nil }), let total = first.total {
      headline = "\(first.translator ?? "") makes a step \(Phrases.times(total.ratio.ratio)) as long"
    } else if let total = totals.first?.total {
      headline = "a step takes \(Phrases.times(total.ratio.ratio)) as long on \(total.to)"
    } else {
      headline = "times were not compared"
    }
    sentences = totals.flatMap(Self.describe)
  }

  private static func describe(_ times: TimeFactors) -> [String] {
    guard let total = times.total else { return [] }
    let place = times.translator.map { "under \($0)" } ?? "on \(total.to)"
    let interval = Phrases.interval(total.ratio).map { " (95 % interval \($0))" } ?? ""
    var text =
      "A training step takes \(Phrases.times(total.ratio.ratio)) as long \(place) as natively\(interval)"
    if times.factors.count > 1 {
      text += ": × " + times.factors.map(factor).joined(separator: ", × ")
    }
    return [text + ".", largest(times)].compactMap(\.self)
  }

  private static func factor(_ factor: TimeFactors.Factor) -> String {
    let number = Phrases.number(factor.ratio.ratio)
    guard let interval = factor.ratio.interval, interval.contains(1) else {
      return "\(number) for \(factor.name)"
    }
    return "\(number) for \(factor.name) (no more than noise)"
  }

  /// Which factor makes the difference; nil where there is next to none, or nothing to choose from.
  private static func largest(_ times: TimeFactors) -> String? {
    guard let total = times.total, total.ratio.ratio > noticeable, times.factors.count > 1,
      let largest = times.factors.max(by: { $0.ratio.ratio < $1.ratio.ratio })
    else { return nil }
    let share = log(largest.ratio.ratio) / log(total.ratio.ratio)
    return share >= nearlyAll
      ? "Nearly all of that is \(largest.name)." : "The largest part of that is \(largest.name)."
  }
}
