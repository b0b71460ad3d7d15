/// The runs that show what rounding does: those of the pairs' seeds, by other kernels.
struct Twins {
  /// For each pair its twins; none where there are none for its seed.
  let ofPairs: [[LossCurve]]
  /// Why some were left out.
  let notes: [String]

  init(_ twins: [LossCurve], of pairs: [CurvePair]) {
    var notes: [String] = []
    var used: Set<String> = []
    ofPairs = pairs.map { pair in
      var chosen: [LossCurve] = []
      for twin in twins where twin.seed == pair.a.seed || (pairs.count == 1 && twin.seed == nil) {
        used.insert(twin.label)
        if let problem = Self.problem(twin, pair, chosen) {
          notes.append("the twin \(twin.label) is left out: \(problem)")
        } else {
          chosen.append(twin)
        }
      }
      return chosen
    }
    let unused = twins.filter { !used.contains($0.label) }.map(\.label)
    if !unused.isEmpty { notes.append("twins of no pair's seed: \(unused.joined(separator: ", "))") }
    self.notes = notes
  }

  /// Why a run is no twin of a pair: twins are the same training, and differ by rounding.
  private static func problem(_ twin: LossCurve, _ pair: CurvePair, _ others: [LossCurve]) -> String? {
    if let difference = ConfigurationDifference.deciding(pair.a, twin).first {
      return "it differs from A in \(difference.key)"
    }
    let steps = CurvePair.common([pair.a, pair.b, twin]).steps
    if steps.isEmpty { return "it has no step that A and B have" }
    if CurvePair(pair.a, twin).firstDifferent == nil { return "it is A bit for bit, and shows no rounding" }
    if let other = others.first(where: { CurvePair($0, twin).firstDifferent == nil }) {
      return "it is \(other.label) bit for bit"
    }
    return nil
  }
}
