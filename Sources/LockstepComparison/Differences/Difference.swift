public import LockstepBackends

/// A number as each of two backends has it.
public struct PairedValue: Codable, Hashable, Sendable {
  /// The first backend's.
  public var first: Double
  /// The second one's.
  public var second: Double

  /// Puts two numbers side by side.
  public init(_ first: Double, _ second: Double) {
    self.first = first
    self.second = second
  }
}

/// How often each of two results is closer to the exact one, among the elements that differ.
public struct Closeness: Codable, Hashable, Sendable {
  /// Elements where the first backend's result is closer.
  public var first = 0
  /// Elements where the second one's is.
  public var second = 0
  /// Elements that are equally far off.
  public var neither = 0

  /// No elements.
  public init() {}

  /// All elements.
  public var total: Int { first + second + neither }

  static func += (sum: inout Closeness, other: Closeness) {
    sum.first += other.first
    sum.second += other.second
    sum.neither += other.neither
  }
}

/// An instruction whose results differ, though both backends had the same inputs.
public struct Difference: Codable, Hashable, Sendable {
  /// Which instruction.
  public var place: InstructionPlace
  /// How many elements its outputs have.
  public var elementCount: Int
  /// How far apart the elements are that differ.
  public var histogram: UlpHistogram
  /// The first element that differs: the output it is in, its index there, and what each backend has.
  public var output: Int
  /// The element's index in that output.
  public var index: [Int]
  /// What each backend has there.
  public var values: PairedValue
  /// The first backend's results held against the exact ones; nil if they were not judged.
  public var firstJudgement: OperationJudgement?
  /// The second one's.
  public var secondJudgement: OperationJudgement?
  /// Who is closer to the exact result; nil if that was not looked at, or nothing is rounded.
  public var closeness: Closeness?

  /// How many elements differ.
  public var count: Int { histogram.total }
}

/// A result that no rounding explains.
public struct FaultyResult: Codable, Hashable, Sendable {
  /// Whose it is.
  public var side: LockstepSide
  /// Which instruction.
  public var place: InstructionPlace
  /// What is wrong with it.
  public var judgement: OperationJudgement
}

/// A unit that fires on one backend and not on the other: from here on the two nets do not compute the same
/// function, and curves part.
public struct Flip: Codable, Hashable, Sendable {
  /// What is decided.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// Whether a ReLU lets its input pass.
    case relu
    /// Which pixel of a pooling window is the largest.
    case pooling
    /// Which class has the largest logit.
    case prediction
  }

  /// What is decided.
  public var kind: Kind
  /// Which instruction decides it.
  public var place: InstructionPlace
  /// Which unit: an index into the instruction's output.
  public var index: [Int]
  /// What the units decide on: a ReLU's input, or its output where it is part of another operation; a pooling's
  /// maximum; a prediction's class.
  public var values: PairedValue
  /// How many units of the instruction decide otherwise.
  public var count: Int
  /// How many units it has.
  public var unitCount: Int
}
