internal import LockstepCore

/// What images are for.
public enum Split: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// To learn from.
  case train
  /// To measure on.
  case test

  /// The name of the folder.
  public var description: String { rawValue }

  var other: Split { self == .train ? .test : .train }
}

/// Labelled images of one size: decoded in memory or, if they are too many for that, in their files.
public struct ImageDataset: Sendable {
  /// What the images are for.
  public let split: Split
  /// The samples, `[count, height, width, channels]`, 0…255. Traps if the images are streamed.
  public var images: [UInt8] {
    guard case .memory(let images) = storage else { trap("streamed images are not in memory") }
    return images
  }
  /// Whether images are read from their files whenever they are wanted.
  public var isStreamed: Bool { if case .streamed = storage { true } else { false } }
  /// The class of each image, an index into ``classNames``.
  public let labels: [Int32]
  /// Rows of an image.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// Samples of a pixel: 1 gray, 3 RGB, 4 RGBA.
  public let channels: Int
  /// The classes, in the order of the labels.
  public let classNames: [String]
  /// Where each image came from; empty if not from files.
  public let files: [String]
  /// SHA-256 of the contents; see ``init(split:images:labels:height:width:channels:classNames:files:)``.
  public let digest: SHA256Digest

  let storage: Storage

  /// Where the samples are.
  enum Storage: Sendable {
    case memory([UInt8])
    case streamed(ImageReader)
  }

  /// The number of images.
  public var count: Int { labels.count }
  /// The number of samples of one image.
  public var imageSize: Int { height * width * channels }

  /// Creates a data set from memory; traps when counts and labels do not fit each other.
  ///
  /// The digest is taken over everything that training sees: split, class names, shape, labels and pixels, in
  /// order. Paths, the machine and how the pixels were compressed do not enter. In bytes, numbers least
  /// significant byte first: the text `lockstep-dataset-1`; split; the number of classes; each class name;
  /// count, height, width, channels; the labels (4 bytes each); the pixels. A text is its UTF-8 length and
  /// its UTF-8; lengths and counts have 8 bytes.
  public init(
    split: Split, images: [UInt8], labels: [Int32], height: Int, width: Int, channels: Int,
    classNames: [String], files: [String] = []
  ) {
    trap(
      unless: images.count == labels.count * height * width * channels,
      "\(images.count) samples for \(labels.count) images of \(height)x\(width)x\(channels)")
    trap(
      unless: labels.allSatisfy { (0..<classNames.count).contains(Int($0)) },
      "a label is outside 0..<\(classNames.count)")
    trap(
      unless: files.isEmpty || files.count == labels.count, "\(files.count) files for \(labels.count) images")
    var hash = DatasetHash(
      split: split, labels: labels, height: height, width: width, channels: channels, classNames: classNames)
    hash.update(images)
    self.init(
      split: split, storage: .memory(images), labels: labels, height: height, width: width,
      channels: channels,
      classNames: classNames, files: files, digest: hash.finalize())
  }

  /// A data set of images that were looked at before.
  init(
    split: Split, storage: Storage, labels: [Int32], height: Int, width: Int, channels: Int,
    classNames: [String], files: [String], digest: SHA256Digest
  ) {
    self.split = split
    self.storage = storage
    self.labels = labels
    self.height = height
    self.width = width
    self.channels = channels
    self.classNames = classNames
    self.files = files
    self.digest = digest
  }
}
