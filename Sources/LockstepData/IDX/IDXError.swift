/// Why files in the IDX format can't be imported: what is wrong, where, and what to do, in one line.
public enum IDXError: Error, Equatable, CustomStringConvertible {
  /// What one of the two files should hold.
  public enum Contents: String, Sendable {
    /// Pixels, in three dimensions.
    case images
    /// Classes, in one dimension.
    case labels

    /// The first four bytes: two zeros, 8 for unsigned bytes, the number of dimensions.
    var magic: [UInt8] { self == .images ? [0, 0, 8, 3] : [0, 0, 8, 1] }
    var other: Contents { self == .images ? .labels : .images }
  }

  /// A file that can't be read, or not unwrapped.
  case unreadable(String, FileError)
  /// A file that begins as none of the kind that is needed does.
  case wrongMagic(String, expected: Contents, found: [UInt8])
  /// A file with fewer or more bytes than its header says.
  case wrongSize(String, expected: Int, found: Int)
  /// Images of no pixels, or none at all, or a header that no file can keep.
  case invalidDimensions(String, [Int])
  /// As many labels as images there must be.
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// A label without a class.
  case labelOutOfRange(String, index: Int, label: Int, classCount: Int)
  /// The folder can't be made.
  case output(ImageFolderWriteError)

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .unreadable(let path, let error): "cannot read \(path): \(error)"
    case .wrongMagic(let path, let expected, let found):
      found == expected.other.magic
        ? "\(path) holds \(expected.other), not \(expected): name the file of images first, then that of labels"
        : "\(path) is no IDX file of \(expected): it begins with \(Self.hex(found)), not with "
          + Self.hex(expected.magic)
    case .wrongSize(let path, let expected, let found):
      "\(path) has \(found) bytes, its header promises \(expected): it is "
        + (found < expected ? "cut off" : "damaged, or not what it says")
    case .invalidDimensions(let path, let sizes):
      "\(path) has the dimensions \(sizes.map(String.init).joined(separator: "x")), which are no images"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "\(images) has \(imageCount) images, \(labels) has \(labelCount) labels: they don't belong together"
    case .labelOutOfRange(let path, let index, let label, let classCount):
      "label \(index) of \(path) is \(label), but there are only the classes 0 to \(classCount - 1)"
    case .output(let error): "\(error)"
    }
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.isEmpty
      ? "nothing" : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
