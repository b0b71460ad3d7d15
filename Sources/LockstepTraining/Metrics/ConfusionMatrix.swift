/// How often images of each class are taken for each: the counts behind precision, recall and F₁, which are
/// scikit-learn's, 0 where they would be 0/0.
public struct ConfusionMatrix: Hashable, Sendable {
  /// How many classes there are.
  public let classCount: Int
  /// `[true class, predicted class]`, row by row.
  public private(set) var counts: [Int]

  /// Creates a matrix of zeros.
  public init(classCount: Int) {
    self.classCount = classCount
    counts = [Int](repeating: 0, count: classCount * classCount)
  }

  /// Counts an image of the class `label` that was taken for `prediction`.
  public mutating func add(label: Int, prediction: Int) {
    counts[label * classCount + prediction] += 1
  }

  /// How many images of a class were taken for another, or for itself.
  public subscript(label: Int, prediction: Int) -> Int { counts[label * classCount + prediction] }

  /// How many images were counted.
  public var total: Int { counts.reduce(0, +) }

  /// How many were taken for what they are.
  public var correctCount: Int { (0..<classCount).reduce(0) { $0 + self[$1, $1] } }

  /// How many images of a class there are.
  public func support(_ label: Int) -> Int { (0..<classCount).reduce(0) { $0 + self[label, $1] } }

  /// How many images were taken for a class.
  public func predictionCount(_ prediction: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + self[$1, prediction] }
  }

  /// The scores of a class.
  public func scores(_ label: Int) -> ClassScores {
    let right = Double(self[label, label])
    return ClassScores(
      precision: right.share(of: predictionCount(label)), recall: right.share(of: support(label)),
      f1: (2 * right).share(of: predictionCount(label) + support(label)), support: support(label))
  }

  /// The mean of the classes' scores, each class counting alike. A class that has no images and was never named
  /// does not count.
  public var macroAverage: ClassScores {
    let present = (0..<classCount).filter { support($0) + predictionCount($0) > 0 }.map(scores)
    return average(present) { _ in 1 }
  }

  /// The mean of the classes' scores, each counting as many times as it has images.
  public var weightedAverage: ClassScores {
    average((0..<classCount).map(scores)) { Double($0.support) }
  }

  private func average(_ scores: [ClassScores], _ weight: (ClassScores) -> Double) -> ClassScores {
    let sum = max(scores.reduce(0) { $0 + weight($1) }, .leastNormalMagnitude)
    func mean(_ score: (ClassScores) -> Double) -> Double {
      scores.reduce(0) { $0 + weight($1) * score($1) } / sum
    }
    return ClassScores(
      precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: total)
  }

  /// The pairs of classes that are taken for each other most often, the most frequent first.
  public func confusions(limit: Int) -> [(label: Int, prediction: Int, count: Int)] {
    var pairs: [(label: Int, prediction: Int, count: Int)] = []
    for label in 0..<classCount {
      for prediction in 0..<classCount where prediction != label && self[label, prediction] > 0 {
        pairs.append((label, prediction, self[label, prediction]))
      }
    }
    pairs.sort { ($1.count, $0.label, $0.prediction) < ($0.count, $1.label, $1.prediction) }
    return Array(pairs.prefix(limit))
  }
}

/// How well a class is told from the others.
public struct ClassScores: Codable, Hashable, Sendable {
  /// Of the images taken for the class, the share that is of it.
  public var precision: Double
  /// Of the class's images, the share that was taken for it.
  public var recall: Double
  /// The harmonic mean of precision and recall.
  public var f1: Double
  /// The class's images.
  public var support: Int

  /// Creates scores.
  public init(precision: Double, recall: Double, f1: Double, support: Int) {
    self.precision = precision
    self.recall = recall
    self.f1 = f1
    self.support = support
  }
}

extension Double {
  fileprivate func share(of count: Int) -> Double { count == 0 ? 0 : self / Double(count) }
}
