/// What was measured of a classifier, as `run.json` and `evaluate --json` say it.
public struct RunMetrics: Codable, Hashable, Sendable {
  /// More classes than this make a matrix too long for a record.
  static let matrixLimit = 20

  /// A class by its name, and how well it is told from the others.
  public struct Class: Codable, Hashable, Sendable {
    /// The class.
    public var name: String
    /// Of the images taken for it, the share that is of it.
    public var precision: Double
    /// Of its images, the share that was taken for it.
    public var recall: Double
    /// The harmonic mean of both.
    public var f1: Double
    /// Its images.
    public var support: Int
  }

  /// The mean of all classes, each counting alike.
  public var macroAverage: ClassScores
  /// The mean of all classes, by their images.
  public var weightedAverage: ClassScores
  /// Each class.
  public var perClass: [Class]
  /// The share of images with their class among the likeliest k, by k; fewer than there are classes.
  public var topAccuracy: [String: Double]
  /// The expected calibration error in ``Calibration/standardBinCount`` bins.
  public var calibrationError: Double
  /// How many images of each class were taken for each, a row a true class; nil of many classes in a record.
  public var confusionMatrix: [[Int]]?

  /// Describes what was measured.
  ///
  /// - Parameter matrixLimit: with more classes the matrix is left out.
  public init(_ metrics: ClassificationMetrics, classNames: [String], matrixLimit: Int = .max) {
    let confusion = metrics.confusion
    macroAverage = confusion.macroAverage
    weightedAverage = confusion.weightedAverage
    perClass = classNames.enumerated().map { label, name in
      let scores = confusion.scores(label)
      return Class(
        name: name, precision: scores.precision, recall: scores.recall, f1: scores.f1, support: scores.support
      )
    }
    topAccuracy = metrics.topCorrectCounts.keys.reduce(into: [:]) {
      $0["\($1)"] = metrics.topAccuracy($1)
    }
    calibrationError = metrics.calibration.expectedError
    confusionMatrix = classNames.count > matrixLimit ? nil : confusion.rows
  }
}

extension ConfusionMatrix {
  /// The counts, a row a true class.
  public var rows: [[Int]] {
    (0..<classCount).map { Array(counts[($0 * classCount)..<(($0 + 1) * classCount)]) }
  }
}
