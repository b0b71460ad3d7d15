/// Puts files into a zip archive. Its bytes are a function of names and contents alone: every file is of the format's
/// first day, 1 January 1980.
struct ZipWriter {
  /// From this number on, one is written into the fields of zip64.
  private let large: Int
  private var body: [UInt8] = []
  private var directory: [UInt8] = []
  private var entryCount = 0

  private static let firstDay = 1 << 5 | 1

  /// Begins an archive. Tests make small numbers large.
  init(large: Int = 0xFFFF_FFFF) { self.large = large }

  /// Adds a file, deflated where that is wanted and makes it smaller.
  mutating func add(_ name: String, _ contents: [UInt8], isDeflated: Bool) throws(FileError) {
    let deflated = isDeflated ? try Deflate.run(contents) : contents
    let isSmaller = deflated.count < contents.count
    let packed = isSmaller ? deflated : contents
    let offset = body.count
    let isLarge = contents.count >= large
    let common =
      Self.words16([isLarge || offset >= large ? 45 : 20, 1 << 11, isSmaller ? 8 : 0, 0, Self.firstDay])
      + Self.word(Int(Deflate.checkSum(contents)), 4)
      + Self.word(isLarge ? 0xFFFF_FFFF : packed.count, 4)
      + Self.word(isLarge ? 0xFFFF_FFFF : contents.count, 4)
    let sizes = isLarge ? Self.word(contents.count, 8) + Self.word(packed.count, 8) : []
    let local = Self.extra(sizes)
    body +=
      Self.word(0x0403_4B50, 4) + common + Self.words16([name.utf8.count, local.count]) + name.utf8 + local
    body += packed
    let extra = Self.extra(sizes + (offset >= large ? Self.word(offset, 8) : []))
    directory += Self.word(0x0201_4B50, 4) + Self.words16([3 << 8 | 45]) + common
    directory += Self.words16([name.utf8.count, extra.count, 0, 0, 0])
    // Read and written by its owner, read by all, as a file of Unix.
    directory += Self.word(0o100644 << 16, 4) + Self.word(offset >= large ? 0xFFFF_FFFF : offset, 4)
    directory += name.utf8 + extra
    entryCount += 1
  }

  /// The archive's bytes.
  func fileContents() -> [UInt8] {
    let isLarge = body.count >= large || directory.count >= large || entryCount >= min(large, 0xFFFF)
    var end: [UInt8] = []
    if isLarge {
      end += Self.word(0x0606_4B50, 4) + Self.word(44, 8) + Self.words16([3 << 8 | 45, 45]) + Self.word(0, 8)
      end += Self.word(entryCount, 8) + Self.word(entryCount, 8)
      end += Self.word(directory.count, 8) + Self.word(body.count, 8)
      end += Self.word(0x0706_4B50, 4) + Self.word(0, 4)
      end += Self.word(body.count + directory.count, 8) + Self.word(1, 4)
    }
    let count = isLarge ? 0xFFFF : entryCount
    end += Self.word(0x0605_4B50, 4) + Self.words16([0, 0, count, count])
    end +=
      Self.word(isLarge ? 0xFFFF_FFFF : directory.count, 4) + Self.word(isLarge ? 0xFFFF_FFFF : body.count, 4)
    return body + directory + end + [0, 0]
  }

  private static func extra(_ numbers: [UInt8]) -> [UInt8] {
    numbers.isEmpty ? [] : words16([1, numbers.count]) + numbers
  }

  private static func words16(_ values: [Int]) -> [UInt8] { values.flatMap { word($0, 2) } }

  private static func word(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
