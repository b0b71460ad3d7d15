/// A document of findings: a verdict, then why. Says what is to be shown, not how.
///
/// It is rendered as one self-contained HTML file, and its charts as SVG, PNG or text.
public struct Report: Sendable {
  /// What the document is about.
  public var title: String
  /// The finding, in a line.
  public var verdict: String
  /// How the finding is to be taken.
  public var tone: Tone
  /// What the finding means, in plain words, a paragraph each.
  public var summary: [String]
  /// The evidence.
  public var sections: [Section]
  /// The command that makes the document again.
  public var command: String?

  /// Creates a report.
  public init(
    title: String, verdict: String, tone: Tone, summary: [String] = [], sections: [Section] = [],
    command: String? = nil
  ) {
    self.title = title
    self.verdict = verdict
    self.tone = tone
    self.summary = summary
    self.sections = sections
    self.command = command
  }

  /// Whether something is good news. Never shown by colour alone.
  public enum Tone: String, Hashable, Sendable {
    /// Neither good nor bad.
    case neutral
    /// As it should be.
    case good
    /// To be taken with care.
    case caution
    /// As it should not be.
    case bad
  }

  /// A part of the document under a heading of its own.
  public struct Section: Sendable {
    /// The heading.
    public var heading: String
    /// What stands under it, in order.
    public var blocks: [Block]

    /// Creates a section.
    public init(_ heading: String, _ blocks: [Block]) {
      self.heading = heading
      self.blocks = blocks
    }
  }

  /// A piece of a section.
  public enum Block: Sendable {
    /// Running text.
    case paragraph(String)
    /// Points, one below the other.
    case list([String])
    /// Rows and columns.
    case table(Table)
    /// A drawing, with its numbers below.
    case chart(Chart)
    /// Text whose line breaks matter, such as a command.
    case code(String)
  }

  /// Every chart of the document, in order.
  public var charts: [Chart] {
    sections.flatMap(\.blocks).compactMap { block in
      if case .chart(let chart) = block { chart } else { nil }
    }
  }
}
