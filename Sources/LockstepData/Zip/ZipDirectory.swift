/// Where a zip archive's directory is, as the record at its end says.
struct ZipDirectory {
  let offset: Int
  let size: Int
  let entryCount: Int

  /// The record's size without its comment, which has at most 65,535 bytes.
  private static let endSize = 22
  private static let longestComment = 65_535
  /// The value of a field that is too small for its number, which the zip64 record then has.
  private static let overflow32 = 0xFFFF_FFFF

  /// Finds the directory.
  init(_ bytes: [UInt8]) throws(FileError) {
    let first = max(0, bytes.count - Self.endSize - Self.longestComment)
    let place = stride(from: bytes.count - Self.endSize, through: first, by: -1).first { place in
      let end = ZipFields(bytes, at: place)
      return end.word32(0) == 0x0605_4B50 && place + Self.endSize + end.word16(20) == bytes.count
    }
    guard let place else {
      throw FileError("is no zip archive, or is cut off: it has no directory at its end")
    }
    let end = ZipFields(bytes, at: place)
    let zip64 = try Self.zip64Record(bytes, before: place)
    guard end.word16(4) == 0 || end.word16(4) == 0xFFFF else { throw FileError("is one part of several") }
    func field(_ value: Int, _ limit: Int, _ offset: Int) -> Int? {
      guard value == limit, let zip64 else { return value }
      return zip64.word64(offset)
    }
    guard let entryCount = field(end.word16(10), 0xFFFF, 32),
      let size = field(end.word32(12), Self.overflow32, 40),
      let offset = field(end.word32(16), Self.overflow32, 48), offset <= place, size <= place - offset
    else { throw FileError("has a directory that lies outside of it") }
    self.offset = offset
    self.size = size
    self.entryCount = entryCount
  }

  /// The files, in the directory's order.
  func entries(_ bytes: [UInt8]) throws(FileError) -> [ZipArchive.Entry] {
    var entries: [ZipArchive.Entry] = []
    var names: Set<String> = []
    var place = offset
    while place < offset + size {
      let header = ZipFields(bytes, at: place)
      let end = offset + size
      guard end - place >= 46, header.word32(0) == 0x0201_4B50 else {
        throw FileError("has a damaged directory")
      }
      let (nameLength, extraLength) = (header.word16(28), header.word16(30))
      let next = place + 46 + nameLength + extraLength + header.word16(32)
      guard next <= end else { throw FileError("has a damaged directory") }
      let nameBytes = bytes[(place + 46)..<(place + 46 + nameLength)]
      guard let name = String(validating: nameBytes, as: UTF8.self) else {
        throw FileError("holds a file whose name is not UTF-8")
      }
      let extra = bytes[(place + 46 + nameLength)..<(place + 46 + nameLength + extraLength)]
      var large = Zip64Fields(extra)
      guard let size = large.take(header.word32(24)), let packedSize = large.take(header.word32(20)),
        let offset = large.take(header.word32(42))
      else { throw FileError("has a damaged directory: \(name) has no sizes") }
      guard names.insert(name).inserted else { throw FileError("holds \(name) twice") }
      entries.append(
        ZipArchive.Entry(
          name: name, method: header.word16(10), flags: header.word16(8), checkSum: UInt32(header.word32(16)),
          packedSize: packedSize, size: size, offset: offset))
      place = next
    }
    guard entries.count == entryCount else {
      throw FileError("is said to hold \(entryCount) files, its directory lists \(entries.count)")
    }
    return entries
  }

  /// The record of larger numbers, if there is one: a locator before the end says where.
  private static func zip64Record(_ bytes: [UInt8], before place: Int) throws(FileError) -> ZipFields? {
    let locator = ZipFields(bytes, at: place - 20)
    guard place >= 20, locator.word32(0) == 0x0706_4B50 else { return nil }
    guard let offset = locator.word64(8), offset <= place - 20 - 56 else {
      throw FileError("has a directory that lies outside of it")
    }
    let record = ZipFields(bytes, at: offset)
    guard record.word32(0) == 0x0606_4B50 else { throw FileError("has a damaged directory") }
    return record
  }
}

/// Numbers of a record in an archive, least significant byte first. Behind the archive's end all bytes are 0.
struct ZipFields {
  private let bytes: [UInt8]
  private let start: Int

  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    self.start = start
  }

  /// Whether so many bytes are there.
  func has(_ count: Int) -> Bool { start >= 0 && start <= bytes.count && count <= bytes.count - start }

  func word16(_ offset: Int) -> Int { Int(word(offset, 2)) }
  func word32(_ offset: Int) -> Int { Int(word(offset, 4)) }
  /// Nil of a number that no size can be.
  func word64(_ offset: Int) -> Int? { Int(exactly: word(offset, 8)) }

  private func word(_ offset: Int, _ size: Int) -> UInt64 {
    guard has(offset + size) else { return 0 }
    return (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(bytes[start + offset + $1]) }
  }
}

/// The extra field of an entry with the numbers that its four bytes are too few for, in the order of the entry's.
private struct Zip64Fields {
  private var numbers: ArraySlice<UInt8> = []

  init(_ extra: ArraySlice<UInt8>) {
    var rest = extra
    while rest.count >= 4 {
      let header = Array(rest.prefix(4))
      let (tag, length) = (Int(header[0]) | Int(header[1]) << 8, Int(header[2]) | Int(header[3]) << 8)
      let body = rest.dropFirst(4).prefix(length)
      if tag == 1 {
        numbers = body
        return
      }
      rest = rest.dropFirst(4 + length)
    }
  }

  /// A number of the entry, or the one that stands for it here.
  mutating func take(_ value: Int) -> Int? {
    guard value == 0xFFFF_FFFF else { return value }
    guard numbers.count >= 8 else { return nil }
    let large = numbers.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    numbers = numbers.dropFirst(8)
    return Int(exactly: large)
  }
}
