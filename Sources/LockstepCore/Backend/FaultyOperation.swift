/// An operation whose result no rounding explains.
public struct FaultyOperation: Codable, Hashable, Sendable {
  /// A wrong element of a result.
  public struct Element: Codable, Hashable, Sendable {
    /// Where in the result, one number for each dimension.
    public var index: [Int]
    /// What was computed.
    public var got: Double
    /// The exact result, rounded to double precision.
    public var exact: Double
    /// The error in units of what one rounding can do.
    public var rho: Double

    /// Creates an element.
    public init(index: [Int], got: Double, exact: Double, rho: Double) {
      self.index = index
      self.got = got
      self.exact = exact
      self.rho = rho
    }
  }

  /// The operation's name.
  public var operation: String
  /// The path of the layer it was computed for; empty outside of one.
  public var layer: String
  /// The part of the training step.
  public var phase: Origin.Phase
  /// The training step, from 1; nil outside of one, as in an evaluation.
  public var step: Int?
  /// How many elements the result has.
  public var elementCount: Int
  /// How many of them are wrong.
  public var wrongCount: Int
  /// The first of those.
  public var elements: [Element]

  /// Creates a description.
  public init(
    operation: String, origin: Origin, step: Int? = nil, elementCount: Int, wrongCount: Int,
    elements: [Element]
  ) {
    self.operation = operation
    layer = origin.layer
    phase = origin.phase
    self.step = step
    self.elementCount = elementCount
    self.wrongCount = wrongCount
    self.elements = elements
  }
}

extension FaultyOperation: CustomStringConvertible {
  /// How many elements are shown; all are in the run record.
  private static let shownElements = 3

  /// One line: where, what, which elements and how wrong.
  public var description: String {
    let when = step.map { "step \($0)" } ?? "outside of a training step"
    let place = "\(Origin(layer: layer, phase: phase))"
    let head = [when, place, "\(wrongCount) of \(elementCount) elements"].filter { !$0.isEmpty }
    let shown = elements.prefix(Self.shownElements).map { element in
      "\(element.got.shortText) instead of \(element.exact.shortText) at \(element.index) "
        + "(ρ \(NumberFormat.significant(element.rho)))"
    }
    let rest = wrongCount > shown.count ? ", …" : ""
    return "FAULTY OPERATION (\(head.joined(separator: ", "))): \(operation) gave "
      + shown.joined(separator: ", ") + "\(rest); no rounding explains it"
  }
}

extension Double {
  /// With a float's digits: enough to tell a wrong number from a right one.
  fileprivate var shortText: String { "\(Float(self))" }
}
