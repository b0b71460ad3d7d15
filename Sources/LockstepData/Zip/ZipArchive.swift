/// The files in a zip archive, stored or deflated, found by its directory.
///
/// Every size is checked before it is used, no file is unpacked beyond the size the directory says, and files that
/// share bytes are refused, so that a small archive can't fill the memory. Format: PKWARE APPNOTE 6.3.
struct ZipArchive: Sendable {
  /// A file, as the directory has it.
  struct Entry: Sendable {
    let name: String
    let method: Int
    let flags: Int
    let checkSum: UInt32
    let packedSize: Int
    let size: Int
    /// Where its local header begins.
    let offset: Int
  }

  /// One byte deflated gives at most 1,032: a run of 258 bytes in two bits.
  private static let largestRatio = 1032

  let entries: [Entry]
  private let bytes: [UInt8]

  /// Reads a directory.
  ///
  /// - Parameter sizeLimit: more bytes than these in all files together are refused.
  /// - Throws: ``FileError`` saying what is wrong, as it reads on from the file's name.
  init(_ bytes: [UInt8], sizeLimit: Int) throws(FileError) {
    self.bytes = bytes
    let directory = try ZipDirectory(bytes)
    entries = try directory.entries(bytes)
    var total = 0
    for entry in entries {
      let (sum, overflows) = total.addingReportingOverflow(entry.size)
      guard !overflows, sum <= sizeLimit else {
        throw FileError("holds more than \(sizeLimit) bytes unpacked, which is the limit")
      }
      total = sum
      let packed = entry.packedSize.multipliedReportingOverflow(by: Self.largestRatio)
      guard packed.overflow || entry.size <= packed.partialValue + Self.largestRatio else {
        throw FileError(
          "says that \(entry.packedSize) bytes of \(entry.name) unpack to \(entry.size), which can't be")
      }
    }
    try checkOverlap()
  }

  /// A file's contents.
  func contents(of entry: Entry) throws(FileError) -> [UInt8] {
    guard entry.flags & 1 == 0 else { throw FileError("\(entry.name) is encrypted") }
    let start = try start(of: entry)
    let packed = bytes[start..<(start + entry.packedSize)]
    let contents: [UInt8]
    switch entry.method {
    case 0:
      guard entry.packedSize == entry.size else {
        throw FileError("\(entry.name) is damaged: its sizes differ")
      }
      contents = Array(packed)
    case 8:
      let (result, end) = try Inflate.run(packed, .none, limit: entry.size)
      guard case .complete = end, result.count == entry.size else {
        let how = end == .overLimit ? "it unpacks to more bytes than it says" : "it does not unpack"
        throw FileError("\(entry.name) is damaged: \(how)")
      }
      contents = result
    default:
      throw FileError("\(entry.name) is packed by method \(entry.method); stored and deflated are known")
    }
    guard Deflate.checkSum(contents) == entry.checkSum else {
      throw FileError("\(entry.name) is damaged: its check sum is wrong")
    }
    return contents
  }

  /// Where an entry's packed bytes begin, behind a local header whose name and extra fields have lengths of their
  /// own.
  private func start(of entry: Entry) throws(FileError) -> Int {
    let header = ZipFields(bytes, at: entry.offset)
    guard header.has(30), header.word32(0) == 0x0403_4B50 else {
      throw FileError("\(entry.name) is not where the directory says")
    }
    let start = entry.offset + 30 + header.word16(26) + header.word16(28)
    guard start <= bytes.count, entry.packedSize <= bytes.count - start else {
      throw FileError("\(entry.name) is cut off")
    }
    return start
  }

  /// Refuses files that share bytes: a few bytes could be a thousand files.
  private func checkOverlap() throws(FileError) {
    var end = 0
    for entry in entries.sorted(by: { $0.offset < $1.offset }) {
      guard entry.offset >= end else { throw FileError("has files that overlap") }
      end = try start(of: entry) + entry.packedSize
    }
  }
}
