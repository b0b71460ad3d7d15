import LockstepCore

/// How likely an image is of each class.
public struct Prediction: Hashable, Sendable {
  /// A class and its probability.
  public struct Class: Hashable, Sendable, Codable {
    /// The class.
    public let name: String
    /// Its probability by the model, 0 to 1.
    public let probability: Float
  }

  /// All classes, the likeliest first; of equally likely ones the first of the model.
  public let classes: [Class]

  init(_ names: [String], _ probabilities: [Float]) {
    let ranked = names.indices.sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
    classes = ranked.map { Class(name: names[$0], probability: probabilities[$0]) }
  }

  /// The likeliest class.
  public var name: String { classes[0].name }
  /// The likeliest class's probability.
  public var probability: Float { classes[0].probability }
}

extension Prediction: CustomStringConvertible {
  /// The likeliest class and its probability, such as `7 (99.8 %)`.
  public var description: String { "\(name) (\(NumberFormat.fixed(Double(probability) * 100, 1)) %)" }
}
