import Lockstep
import LockstepCore
import LockstepReports
import LockstepTraining

/// Loss and accuracy of a run, drawn into its folder.
struct TrainingCurves {
  /// The files, of which the first is the one to look at.
  let files: [String]

  /// Draws the curves of a run as it is recorded; a PNG image only where the program is there that makes those.
  ///
  /// - Parameter note: is told what keeps them from being drawn, which is no reason for a training to fail.
  init?(_ folder: RunFolder, note: (String) -> Void) {
    do {
      let charts = Self.charts(of: try LossCurve(run: folder), try folder.epochRows())
      guard !charts.isEmpty else { return nil }
      files = PNGRenderer.isInstalled ? [folder.curves, folder.curvesImage] : [folder.curves]
      for file in files { try ReportFile.write(charts, to: file) }
    } catch {
      note("note: the curves could not be drawn: \(error)")
      return nil
    }
  }

  /// The charts of a run; none of one without a step.
  static func charts(of curve: LossCurve, _ epochs: [EpochRow]) -> [Chart] {
    guard !curve.steps.isEmpty else { return [] }
    let axis = StepAxis(epochs)
    return [loss(curve, epochs, axis), accuracy(curve, epochs, axis)].compactMap(\.self)
  }

  private static func loss(_ curve: LossCurve, _ epochs: [EpochRow], _ axis: StepAxis) -> Chart {
    let steps = zip(curve.steps, curve.losses).map { Chart.Point(axis.position(ofStep: $0), $1) }
    // Spread labels keep the training's loss above zero, and above the test's.
    let isSmoothed = (curve.record?.configuration.labelSmoothing ?? 0) > 0
    let training = isSmoothed ? "training, on smoothed labels" : "training"
    var marks: [Chart.Mark] = [
      .line(.init(training, detail: "each step", steps, isFaint: !epochs.isEmpty))
    ]
    if !epochs.isEmpty {
      marks += [
        .line(.init(training, detail: "mean of an epoch", axis.points(epochs, \.loss, isMean: true))),
        .line(.init("test", axis.points(epochs, \.testLoss))),
      ]
      marks += average(epochs, axis, \.averageTestLoss)
    }
    let tests = epochs.map(\.testLoss) + epochs.compactMap(\.averageTestLoss)
    let isPositive = (curve.losses + tests).allSatisfy { !($0 <= 0) }
    var summary = "The loss falls from \(number(curve.losses[0])) to \(number(curve.finalLoss)) in training"
    if let last = epochs.last {
      summary += "; after the last epoch it is \(number(last.testLoss)) on test images"
    }
    return Chart(
      "Loss of \(curve.label)", summary: summary + ".", x: .init(axis.label),
      y: .init("cross-entropy", isPositive ? .logarithmic : .linear), marks: marks)
  }

  private static func accuracy(_ curve: LossCurve, _ epochs: [EpochRow], _ axis: StepAxis) -> Chart? {
    guard let last = epochs.last else { return nil }
    let best = epochs.map(\.testAccuracy).max() ?? last.testAccuracy
    let averaged = last.averageTestAccuracy.map { ", \(percent($0)) with averaged weights" } ?? ""
    return Chart(
      "Accuracy of \(curve.label)",
      summary: "After the last epoch \(percent(last.testAccuracy)) of the test images are classified right"
        + "\(averaged); the best epoch has \(percent(best)).",
      x: .init(axis.label), y: .init("share classified right"),
      marks: [
        .line(.init("training", axis.points(epochs, \.accuracy))),
        .line(.init("test", axis.points(epochs, \.testAccuracy))),
      ] + average(epochs, axis, \.averageTestAccuracy))
  }

  /// What the average of the weights comes to, where one is kept.
  private static func average(
    _ epochs: [EpochRow], _ axis: StepAxis, _ value: KeyPath<EpochRow, Double?>
  ) -> [Chart.Mark] {
    let points = axis.points(epochs, value)
    return points.isEmpty ? [] : [.line(.init("test, averaged weights", points))]
  }

  private static func number(_ value: Double) -> String { NumberFormat.fixed(value, 4) }

  private static func percent(_ share: Double) -> String { "\(NumberFormat.fixed(100 * share, 1)) %" }
}

/// The horizontal axis: epochs, or steps where no epoch is complete.
private struct StepAxis {
  /// Steps of a whole epoch, if there is one.
  private let epochLength: Double?

  init(_ epochs: [EpochRow]) {
    epochLength = epochs.first.map { Double($0.step) / Double($0.epoch) }
  }

  var label: String { epochLength == nil ? "step" : "epoch" }

  func position(ofStep step: Int) -> Double { Double(step) / (epochLength ?? 1) }

  /// A point for each epoch: at its end, or in its middle where the value is a mean over its steps.
  func points(
    _ epochs: [EpochRow], _ value: KeyPath<EpochRow, Double>, isMean: Bool = false
  ) -> [Chart.Point] {
    epochs.map { row in
      Chart.Point(position(ofStep: row.step) - (isMean ? 0.5 : 0), row[keyPath: value])
    }
  }

  /// A point for each epoch that has the value, at its end.
  func points(_ epochs: [EpochRow], _ value: KeyPath<EpochRow, Double?>) -> [Chart.Point] {
    epochs.compactMap { row in
      row[keyPath: value].map { Chart.Point(position(ofStep: row.step), $0) }
    }
  }
}
