/// A way in which another machine is said to change a training, and whether that showed here.
public struct MechanismRow: Codable, Hashable, Sendable {
  /// What a mechanism is a property of: who looks for a culprit, looks there.
  public enum Origin: String, Codable, Sendable {
    /// Which code a CPU's features select.
    case dispatch
    /// How many numbers a kernel adds side by side.
    case kernelWidth = "kernel width"
    /// Training itself, on any machine.
    case training
    /// The program that runs another CPU's machine code.
    case translator
    /// The CPU that is shown.
    case profile
    /// A library's own choice, right or wrong on its own CPU.
    case library
  }

  /// Whether a mechanism showed.
  public enum Outcome: String, Codable, Sendable {
    /// It was looked for, and there it was.
    case reproduced
    /// It was looked for and did not show: neither does that mean that it is nowhere.
    case notReproduced = "not reproduced here"
    /// It was not looked for; the row's ``MechanismRow/command`` makes it possible, if anything does.
    case notRunHere = "not run here"
  }

  /// The mechanism.
  public var mechanism: String
  /// What it is a property of.
  public var belongsTo: Origin
  /// What earlier measurements on other machines found.
  public var expected: String
  /// What came of it here.
  public var outcome: Outcome
  /// What was measured here; the reason where nothing was.
  public var figure: String
  /// The experiment that shows it.
  public var evidence: String
  /// What makes a row runnable that was not run; nil where it was, or where nothing does on this machine.
  public var command: String?

  /// Creates a row.
  public init(
    _ mechanism: String, belongsTo: Origin, expected: String, outcome: Outcome, figure: String,
    evidence: String, command: String? = nil
  ) {
    self.mechanism = mechanism
    self.belongsTo = belongsTo
    self.expected = expected
    self.outcome = outcome
    self.figure = figure
    self.evidence = evidence
    self.command = command
  }
}
