/// Why a PNG could not be read or written. One line, without the path, which the caller knows.
public enum PNGError: Error, Equatable, CustomStringConvertible {
  /// The bytes are something else.
  case notPNG(FileKind)
  /// The bytes end before the image does.
  case truncated(byteCount: Int)
  /// A check sum, the structure or the compressed data is wrong; libpng's message.
  case corrupt(String)
  /// Width × height is over the limit; nothing of that size was allocated.
  case tooLarge(width: Int, height: Int, pixelLimit: Int)
  /// The system had no memory.
  case outOfMemory
  /// The file could not be read; the system's words.
  case unreadable(FileError)
  /// Pixels that cannot be written: an empty side, or a count that does not fit the shape.
  case invalidImage(String)

  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .notPNG(let kind): "not a PNG: \(kind)"
    case .truncated(let byteCount): "truncated PNG: it ends after \(byteCount) bytes, within the image"
    case .corrupt(let message): "corrupt PNG: \(message)"
    case .tooLarge(let width, let height, let pixelLimit):
      "PNG of \(width)x\(height) pixels: more than the limit of \(pixelLimit) pixels"
    case .outOfMemory: "no memory to decode the PNG"
    case .unreadable(let error): "unreadable file: \(error)"
    case .invalidImage(let reason): "cannot be written as a PNG: \(reason)"
    }
  }
}
