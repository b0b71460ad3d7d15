/// What a comparison of two trainings, or of two sets of them, comes to. In the order in which they are
/// considered: the first that holds is given.
public enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
  /// They were not the same training to begin with: other data, settings or initial weights.
  case notComparable
  /// Every loss and the final weights are the same, bit for bit.
  case identical
  /// An operation gave a result that no rounding explains.
  case faultyOperation
  /// They part as no rounding makes trainings part.
  case diverged
  /// They differ, and it is shown that they do no more than rounding or seeds make trainings differ.
  case equivalent
  /// Nothing of the above is shown.
  case inconclusive

  /// The verdict as a person reads it.
  public var title: String {
    switch self {
    case .notComparable: "NOT COMPARABLE"
    case .identical: "IDENTICAL"
    case .faultyOperation: "FAULTY OPERATION"
    case .diverged: "DIVERGED"
    case .equivalent: "EQUIVALENT"
    case .inconclusive: "INCONCLUSIVE"
    }
  }

  /// What the verdict means, in plain words.
  public var meaning: String {
    switch self {
    case .notComparable:
      "The two were not the same training to begin with, so what differs between their curves says nothing of "
        + "what computed them."
    case .identical: "Whatever differs between the two, it changed no result."
    case .faultyOperation:
      "An operation gave numbers that no order of rounding can give. The curves behind it are worth nothing."
    case .diverged:
      "The two part as trainings that differ by rounding alone do not: something computes other numbers. "
        + "`lockstep diff` names the first operation that does."
    case .equivalent:
      "The two differ, and what they differ by is shown to be no more than what one expects of another order of "
        + "rounding, or of another seed."
    case .inconclusive:
      "Neither a fault nor its absence is shown. This is no verdict of equivalence: with more seeds, or with "
        + "twins, it may become either."
    }
  }

  /// How far a verdict is from good news: what several comparisons come to is the gravest of theirs.
  package var gravity: Int {
    switch self {
    case .identical: 0
    case .equivalent: 1
    case .inconclusive: 2
    case .notComparable: 3
    case .diverged: 4
    case .faultyOperation: 5
    }
  }
}

/// One of the questions that a comparison asks, and what the answer was.
public struct Evidence: Codable, Hashable, Sendable {
  /// The questions, in the order of DESIGN.md's method.
  public enum Stage: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    /// Configuration, data, initial weights and order are held against each other.
    case comparable = "S0"
    /// Every loss and the final weights are.
    case identical = "S1"
    /// Results are held against the exact ones.
    case operations = "S2"
    /// The growth test against twins.
    case growth = "S3"
    /// All steps together.
    case wholeCurve = "S4"
    /// The ends alone, for want of anything better.
    case finalLoss = "S5"

    /// Whether a question is asked before another.
    public static func < (lhs: Stage, rhs: Stage) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The question.
    public var question: String {
      switch self {
      case .comparable: "Were they the same training?"
      case .identical: "Are they the same, bit for bit?"
      case .operations: "Is every operation within rounding?"
      case .growth: "Does the difference grow as rounding makes it grow?"
      case .wholeCurve: "Do the whole curves differ?"
      case .finalLoss: "Do they end at the same loss?"
      }
    }
  }

  /// Which question.
  public var stage: Stage
  /// Whether it could be answered.
  public var isApplied: Bool
  /// The answer, or why there is none, in a line.
  public var finding: String
  /// The statistic, if there is one: for S3 the median excess in decades, for S4 the largest mean difference of
  /// ln L, for S5 the mean difference of the final loss.
  public var statistic: Double?
  /// The p-value, if there is one.
  public var pValue: Double?
  /// The upper 95 % confidence limit, if there is one: for S3 of the excess in decades, for S5 of |Δ| − κσ.
  public var bound: Double?
  /// The verdict that it speaks for, if any.
  public var verdict: Verdict?

  /// Creates an answer.
  public init(
    _ stage: Stage, isApplied: Bool = true, _ finding: String, statistic: Double? = nil,
    pValue: Double? = nil,
    bound: Double? = nil, verdict: Verdict? = nil
  ) {
    self.stage = stage
    self.isApplied = isApplied
    self.finding = finding
    self.statistic = statistic
    self.pValue = pValue
    self.bound = bound
    self.verdict = verdict
  }
}
