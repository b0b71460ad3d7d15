/// Takes the wrapping of gzip (RFC 1952) off, if there is one.
enum Gzip {
  /// Whether bytes begin as a gzip file does.
  static func isWrapped(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// What is inside of a gzip file of one member.
  ///
  /// - Parameter limit: more bytes than this are refused, so that a small file can't fill the memory.
  /// - Throws: ``FileError`` if the file is cut off, damaged or too large inside.
  static func unwrap(_ bytes: [UInt8], limit: Int) throws(FileError) -> [UInt8] {
    let (result, end) = try Inflate.run(bytes[...], .gzip, limit: limit)
    switch end {
    case .complete(let unused):
      guard unused == 0 else { throw FileError("the gzip file has \(unused) bytes behind its end") }
      return result
    case .overLimit: throw FileError("it has more than \(limit) bytes inside")
    case .cutOff: throw FileError("the gzip file is cut off after \(bytes.count) bytes")
    case .damaged: throw FileError("the gzip file is damaged")
    }
  }
}
