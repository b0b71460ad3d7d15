public import LockstepData

/// Small pictures side by side, each with what is said of it.
public struct ContactSheet: Sendable {
  /// What is on the sheet.
  public var title: String
  /// What is to be seen, in a sentence.
  public var summary: String
  /// The pictures, in rows from the left.
  public var items: [Item]

  /// Creates a sheet.
  public init(_ title: String, summary: String, items: [Item]) {
    self.title = title
    self.summary = summary
    self.items = items
  }

  /// A picture.
  public struct Item: Sendable {
    /// The picture.
    public var image: PNGImage
    /// What it is, in a word or two.
    public var caption: String
    /// What else there is to say, in a few words.
    public var detail: String
    /// Whether it is to stand out: by a frame and a mark.
    public var isMarked: Bool

    /// Creates an item.
    public init(_ image: PNGImage, caption: String, detail: String = "", isMarked: Bool = false) {
      self.image = image
      self.caption = caption
      self.detail = detail
      self.isMarked = isMarked
    }
  }
}
