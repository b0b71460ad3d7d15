/// What a file that is not a PNG looks like, from its first bytes.
public enum FileKind: Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// It has no bytes.
  case empty
  /// An image of another format.
  case jpeg, gif, bmp, webP, tiff
  /// Nothing but printable characters.
  case text
  /// None of these.
  case unknown

  /// Recognises the kind; `bytes` need not be the whole file.
  init(of bytes: UnsafeBufferPointer<UInt8>) {
    func starts(_ signature: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: signature.utf8)
    }
    if bytes.isEmpty {
      self = .empty
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if starts("GIF87a") || starts("GIF89a") {
      self = .gif
    } else if starts("RIFF") && starts("WEBP", at: 8) {
      self = .webP
    } else if starts("BM") && !Self.isText(bytes) {
      self = .bmp
    } else if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
      self = .tiff
    } else {
      self = Self.isText(bytes) ? .text : .unknown
    }
  }

  /// The kind as a remark for people: "it looks like a JPEG".
  public var description: String {
    switch self {
    case .empty: "it is empty"
    case .jpeg: "it looks like a JPEG"
    case .gif: "it looks like a GIF"
    case .bmp: "it looks like a BMP"
    case .webP: "it looks like a WebP"
    case .tiff: "it looks like a TIFF"
    case .text: "it looks like text"
    case .unknown: "its first bytes are unknown"
    }
  }

  /// UTF-8 without control characters; a character cut off by the sample's end is forgiven.
  private static func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let sample = bytes.prefix(512)
    let hasControls = sample.contains { $0 < 0x20 && !(0x09...0x0D).contains($0) }
    return !hasControls && (0...3).contains { String(validating: sample.dropLast($0), as: UTF8.self) != nil }
  }
}
