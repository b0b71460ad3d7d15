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
      headline = "under \(first.translator ?? "") a step takes \(Phrases.times(total.ratio.ratio)) as long"
    } else if let total = totals.first?.total {
      headline = "on \(total.to) a step takes \(Phrases.times(total.ratio.ratio)) as long"
    } else {
      headline = "times were not compared"
    }
    sentences = totals.flatMap(Self.describe)
  }

  private static func describe(_ times: TimeFactors) -> [String] {
    guard let total = times.total else { return [] }
    let place = Phrases.sentence(times.translator.map { "under \($0)" } ?? "on \(total.to)")
    let ratio = total.ratio.ratio
    let interval = Phrases.interval(total.ratio).map { " (95 % interval \($0))" } ?? ""
    guard total.ratio.interval?.contains(1) != true else {
      return ["\(place) a training step takes as long as natively, as far as can be told\(interval)."]
    }
    let parts = times.factors.map(factor).joined(separator: ", ")
    let factors = times.factors.count > 1 ? ": \(parts)" : ""
    let sentence =
      "\(place) a training step takes \(Phrases.times(ratio)) as long as natively\(interval)\(factors)."
    return [sentence, largest(times)].compactMap(\.self)
  }

  private static func factor(_ factor: TimeFactors.Factor) -> String {
    let number = "× \(Phrases.number(factor.ratio.ratio)) for \(meaning(factor.name))"
    guard let interval = factor.ratio.interval else { return "\(number) (measured once)" }
    return interval.contains(1) ? "\(number) (not to be told from × 1)" : number
  }

  private static func meaning(_ name: String) -> String {
    switch name {
    case "protocol": "the worker process (protocol)"
    case "dispatch": "the other kernels (dispatch)"
    default: name
    }
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
