/// A picture of numbers over two axes.
public struct Chart: Sendable {
  /// What the chart is of.
  public var title: String
  /// What is to be seen in it, in a sentence: what somebody who can't see it is told.
  public var summary: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, the first at the bottom.
  public var marks: [Mark]

  /// Creates a chart.
  public init(_ title: String, summary: String, x: Axis, y: Axis, marks: [Mark]) {
    self.title = title
    self.summary = summary
    self.x = x
    self.y = y
    self.marks = marks
  }

  /// An axis.
  public struct Axis: Hashable, Sendable {
    /// What it measures, with the unit, such as `time per epoch (s)`.
    public var label: String
    /// How numbers are laid out on it.
    public var scale: Scale

    /// Creates an axis.
    public init(_ label: String, _ scale: Scale = .linear) {
      self.label = label
      self.scale = scale
    }

    /// How numbers are laid out on an axis.
    public enum Scale: Hashable, Sendable {
      /// In proportion.
      case linear
      /// By the logarithm to base 10; numbers of 0 and less are not drawn.
      case logarithmic
      /// Names instead of numbers: the x (or y) value is an index into them.
      case categories([String])
    }
  }

  /// Something drawn.
  public enum Mark: Sendable {
    /// Points joined by a line; a point that is not finite is a gap.
    case line(Series)
    /// Points by themselves.
    case points(Series)
    /// The area between two curves, such as an ensemble's extremes.
    case band(Band)
    /// Bars from zero (from the axis' lower end on a logarithmic one) up to values, with intervals.
    case bars(Bars)
    /// A line across the chart at an x, such as the step where two curves part.
    case verticalRule(Double, label: String)
    /// A line across the chart at a y, such as a threshold.
    case horizontalRule(Double, label: String)
  }

  /// A point of a chart.
  public struct Point: Hashable, Sendable {
    /// Where on the horizontal axis.
    public var x: Double
    /// Where on the vertical axis.
    public var y: Double

    /// Creates a point.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Points that belong together.
  public struct Series: Sendable {
    /// What they are of, as in the legend. Marks of one group have one colour; the legend names a group once.
    public var group: String
    /// What this one is, where the group has several, such as `seed 3`.
    public var detail: String?
    /// The points, by rising x.
    public var points: [Point]
    /// Whether it stands back behind others, as single seeds behind their median do.
    public var isFaint: Bool

    /// Creates a series.
    public init(_ group: String, detail: String? = nil, _ points: [Point], isFaint: Bool = false) {
      self.group = group
      self.detail = detail
      self.points = points
      self.isFaint = isFaint
    }
  }

  /// An area between two curves.
  public struct Band: Sendable {
    /// What it is of; the colour is that of the group's lines.
    public var group: String
    /// The lower edge, by rising x.
    public var lower: [Point]
    /// The upper edge, at the same x.
    public var upper: [Point]

    /// Creates a band.
    public init(_ group: String, lower: [Point], upper: [Point]) {
      self.group = group
      self.lower = lower
      self.upper = upper
    }
  }

  /// Bars side by side, one at each category.
  public struct Bars: Sendable {
    /// What they are of, as in the legend.
    public var group: String
    /// A bar's height.
    public var values: [Double]
    /// The interval it may lie in, nil where that is not known.
    public var intervals: [ClosedRange<Double>?]

    /// Creates bars; an interval for each value, or none at all.
    public init(_ group: String, values: [Double], intervals: [ClosedRange<Double>?] = []) {
      self.group = group
      self.values = values
      self.intervals = intervals.isEmpty ? Array(repeating: nil, count: values.count) : intervals
      precondition(self.intervals.count == values.count, "\(group): an interval for each value, or none")
    }
  }
}
