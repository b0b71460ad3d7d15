import Lockstep
import LockstepCore
import LockstepReports

/// A contact sheet of predictions.
struct PredictionSheet {
  /// More pictures are not looked at, and make a file that viewers take long to open.
  private static let pictureLimit = 400

  private let predictions: [FilePrediction]
  private let run: String

  init(_ predictions: [FilePrediction], of run: String) {
    self.predictions = predictions
    self.run = run
  }

  /// The sheet: all images in their order or, of too many, those that are worth a look.
  func drawn(with classifier: Classifier) throws -> ContactSheet {
    let shown = predictions.count <= Self.pictureLimit ? predictions : mostTelling
    let items = try shown.map { prediction in
      ContactSheet.Item(
        try classifier.image(file: prediction.file.path).image, caption: prediction.prediction.name,
        detail: detail(of: prediction), isMarked: prediction.isRight == false)
    }
    return ContactSheet("Predictions of \(run)", summary: summary(shownCount: shown.count), items: items)
  }

  /// The wrong ones first, then the least certain.
  private var mostTelling: [FilePrediction] {
    let ranked = predictions.sorted { first, second in
      let (isFirstRight, isSecondRight) = (first.isRight ?? true, second.isRight ?? true)
      if isFirstRight != isSecondRight { return !isFirstRight }
      return first.prediction.probability < second.prediction.probability
    }
    return Array(ranked.prefix(Self.pictureLimit))
  }

  private func detail(of prediction: FilePrediction) -> String {
    let percent = NumberFormat.fixed(Double(prediction.prediction.probability) * 100, 1)
    guard let label = prediction.file.label, prediction.isRight == false else { return "\(percent) %" }
    return "\(percent) %, is \(label)"
  }

  private func summary(shownCount: Int) -> String {
    var text = predictions.count == 1 ? "1 image" : "\(NumberFormat.grouped(predictions.count)) images"
    let known = predictions.compactMap(\.isRight)
    if !known.isEmpty {
      let right = known.count { $0 }
      let share = NumberFormat.fixed(100 * Double(right) / Double(known.count), 1)
      text += ", \(NumberFormat.grouped(right)) of \(NumberFormat.grouped(known.count)) right (\(share) %)"
    }
    text += ". Below each is the likeliest class and its probability"
    if known.contains(false) { text += "; ✗ marks what is of another class" }
    if shownCount < predictions.count {
      text += ". Shown are \(shownCount): the wrong ones and the least certain"
    }
    return text + "."
  }
}
