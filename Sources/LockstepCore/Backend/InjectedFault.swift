/// A mistake that a backend makes on purpose, as run records say it.
public struct InjectedFault: Codable, Hashable, Sendable {
  /// The fault's name on the command line.
  public var name: String
  /// What decides where and when it strikes.
  public var seed: UInt64
  /// How often it strikes where it can.
  public var probability: Double

  /// Creates a description.
  public init(name: String, seed: UInt64 = 0, probability: Double = 1) {
    self.name = name
    self.seed = seed
    self.probability = probability
  }
}

extension InjectedFault: CustomStringConvertible {
  /// The name, with the probability where it does not strike always.
  public var description: String { probability < 1 ? "\(name) with probability \(probability)" : name }
}
