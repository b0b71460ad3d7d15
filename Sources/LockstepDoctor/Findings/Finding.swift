/// Something that was found out about a machine or an environment, and what is to be done about it.
public struct Finding: Hashable, Sendable, Codable {
  /// How much it matters.
  public enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
    /// As it should be.
    case good
    /// Worth knowing.
    case note
    /// It works, and slower or not as wanted; or something that is seldom wanted is missing.
    case warning
    /// Something does not work.
    case problem
  }

  /// How much it matters.
  public var severity: Severity
  /// What was found, in a sentence without a full stop.
  public var title: String
  /// How that is known, a sentence each.
  public var evidence: [String]
  /// The commands that mend it, in order; empty where nothing has to be mended, or no command does.
  public var remedy: [String]

  /// Creates a finding.
  public init(_ severity: Severity, _ title: String, evidence: [String] = [], remedy: [String] = []) {
    self.severity = severity
    self.title = title
    self.evidence = evidence
    self.remedy = remedy
  }
}

extension [Finding] {
  /// Whether any breaks something.
  public var hasProblem: Bool { contains { $0.severity == .problem } }
}
