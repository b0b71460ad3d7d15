#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Looks for texts among a file's constants, such as a library's version, within a limit.
struct TextSearch {
  /// Constants of libtorch take 60 MB.
  static let defaultLimit = 96 << 20
  private static let pieceSize = 1 << 20
  private static let longestText = 160

  let source: ByteSource
  let ranges: [Range<Int>]
  let limit: Int

  /// - Parameter ranges: where to look; the whole file if there are none.
  init(_ source: ByteSource, in ranges: [Range<Int>], limit: Int = defaultLimit) {
    self.source = source
    self.ranges = ranges.isEmpty ? [0..<source.size] : ranges
    self.limit = limit
  }

  /// For each word the printable text that begins with the first place it is found at; words that are not found
  /// are left out.
  func texts(beginningWith words: [String]) throws(BinaryError) -> [String: String] {
    var found: [String: String] = [:]
    var budget = limit
    for range in ranges {
      var start = range.lowerBound
      while start < range.upperBound, budget > 0, found.count < words.count {
        // Pieces overlap by the longest text, so that none is cut.
        let count = min(Self.pieceSize + Self.longestText, range.upperBound - start)
        let piece = try source.readSome(at: start, count: count)
        for word in words where found[word] == nil { found[word] = Self.text(beginningWith: word, in: piece) }
        start += Self.pieceSize
        budget -= Self.pieceSize
      }
    }
    return found
  }

  private static func text(beginningWith word: String, in bytes: [UInt8]) -> String? {
    let letters = Array(word.utf8)
    let offset: Int? = bytes.withUnsafeBytes { Self.offset(of: letters, in: $0) }
    return offset.map { offset in
      String(decoding: bytes[offset...].prefix(longestText).prefix { 0x20..<0x7F ~= $0 }, as: UTF8.self)
    }
  }

  /// The C library finds the first letters, at gigabytes a second.
  private static func offset(of word: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, let first = word.first else { return nil }
    var start = 0
    while bytes.count - start >= word.count,
      let place = memchr(base + start, Int32(first), bytes.count - start - word.count + 1)
    {
      let offset = UnsafeRawPointer(place) - base
      if memcmp(place, word, word.count) == 0 { return offset }
      start = offset + 1
    }
    return nil
  }
}
