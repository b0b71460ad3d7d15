import Lockstep
import LockstepCore
import LockstepTraining

/// A comparison for a person at a terminal: the verdict in a line, then why.
struct ComparisonText {
  private let sets: [CurveSet]
  private let comparisons: [CurveComparison]

  init(_ sets: [CurveSet], _ comparisons: [CurveComparison]) {
    self.sets = sets
    self.comparisons = comparisons
  }

  func write(to terminal: Terminal) throws {
    var lines: [String] = []
    if comparisons.count > 1 { lines += summary(terminal) }
    for comparison in comparisons {
      lines += [headline(comparison, terminal), ""] + describe(comparison, terminal) + [""]
    }
    try terminal.writeResult(lines.dropLast().joined(separator: "\n"))
  }

  /// A line for each set that is compared with the first.
  private func summary(_ terminal: Terminal) -> [String] {
    let width = comparisons.map(\.nameB.count).max() ?? 0
    let rows = comparisons.map { comparison in
      "  \(NumberFormat.left(comparison.nameB, width))  \(comparison.title)"
    }
    return ["against \(sets[0].name):"] + rows + [""]
  }

  private func headline(_ comparison: CurveComparison, _ terminal: Terminal) -> String {
    let title =
      switch comparison.verdict {
      case .identical, .equivalent: terminal.style(.green, comparison.title)
      case .diverged, .faultyOperation: terminal.style(.red, comparison.title)
      case .notComparable, .inconclusive: terminal.style(.bold, comparison.title)
      }
    return "\(title): \(comparison.reason)"
  }

  private func describe(_ comparison: CurveComparison, _ terminal: Terminal) -> [String] {
    var lines = [
      row("A", describe(comparison.nameA), terminal), row("B", describe(comparison.nameB), terminal),
    ]
    for evidence in comparison.evidence {
      let mark = evidence.isApplied ? "" : "not applied: "
      lines.append(row(evidence.stage.rawValue, mark + evidence.finding, terminal))
    }
    lines += comparison.partings.map { row("parting", $0.text, terminal) }
    let hasGrowth = comparison.partings.contains { $0.firstDifferentStep != nil }
    if hasGrowth, let growth = comparison.growth?.text { lines.append(row("growth", growth, terminal)) }
    lines.append(row("time", comparison.time?.text ?? "not recorded", terminal))
    lines += comparison.configuration.map { difference in
      row("differs", "\(difference.key): \(clipped(difference.a)) | \(clipped(difference.b))", terminal)
    }
    if let needed = comparison.seedsNeeded {
      lines.append(row("seeds", "a verdict may take \(needed)", terminal))
    }
    return lines + comparison.notes.map { row("note", $0, terminal) }
  }

  private func describe(_ name: String) -> String {
    guard let set = sets.first(where: { $0.name == name }) else { return name }
    let seeds = set.curves.compactMap(\.seed)
    let which = seeds.count == set.curves.count ? ", seed\(seeds.count == 1 ? "" : "s") \(seeds.listed)" : ""
    let steps = Set(set.curves.map(\.steps.count)).sorted().listed
    return "\(name): \(set.curves.count) curve\(set.curves.count == 1 ? "" : "s")\(which), \(steps) steps"
  }

  /// A digest is recognised by its beginning.
  private func clipped(_ text: String) -> String {
    text.count > 40 && !text.contains(" ") ? text.prefix(12) + "…" : text
  }

  private func row(_ name: String, _ text: String, _ terminal: Terminal) -> String {
    let lines = TextWrapping.wrap(text, width: max(20, terminal.tableWidth - 9))
    return terminal.style(.bold, NumberFormat.left(name, 8)) + " "
      + lines.joined(separator: "\n" + String(repeating: " ", count: 9))
  }
}

extension Array {
  /// The elements with commas between.
  fileprivate var listed: String { map { "\($0)" }.joined(separator: ", ") }
}

extension Parting {
  /// Where the curves part, in a line.
  var text: String {
    guard let firstDifferentStep, let firstDifference else { return "\(pair): the same bits in every step" }
    let start =
      "\(pair): bits differ from step \(firstDifferentStep) on (\(NumberFormat.scientific(firstDifference)))"
    let limit = NumberFormat.scientific(Parting.threshold)
    let parted = firstPartedStep.map { "above \(limit) from step \($0) on" } ?? "never above \(limit)"
    let largest = "largest \(NumberFormat.scientific(largestDifference)) in step \(largestStep ?? 0)"
    return "\(start), \(parted), \(largest)"
  }
}

extension GrowthCurve {
  /// How the difference grows, in a line: at the start, at the end and in between.
  var text: String? {
    guard points.count > 1 else { return nil }
    let chosen = [0, points.count / 4, points.count / 2, points.count - 1]
    var texts: [String] = []
    for (place, index) in chosen.enumerated() where place == 0 || index > chosen[place - 1] {
      let point = points[min(index, points.count - 1)]
      let twins = point.twinsMedian.map { " (twins \(NumberFormat.scientific($0)))" } ?? ""
      texts.append("\(NumberFormat.scientific(point.median))\(twins) by step \(point.step)")
    }
    return "largest |Δ ln L| so far: " + texts.joined(separator: ", ")
  }
}

extension TimeRatio {
  /// The times, in a line.
  var text: String {
    let times =
      "\(NumberFormat.duration(secondsA)) and \(NumberFormat.duration(secondsB)) \(unit == "epoch" ? "an" : "a") \(unit)"
    let interval = ratio.interval.map {
      " (95 % interval \(NumberFormat.ratio($0.lowerBound)) to \(NumberFormat.ratio($0.upperBound)), \(sample): "
        + "\(samplesA.count) and \(samplesB.count)"
        // Epochs of a run share what else the machine did in its time.
        + (sample == "epochs" ? "; another run may differ by more)" : ")")
    }
    return "\(times): B takes \(NumberFormat.ratio(ratio.ratio)) times as long"
      + (interval ?? " (one measurement each: no interval)")
  }
}
