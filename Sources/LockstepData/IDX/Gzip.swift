import CZlib

/// Takes the wrapping of gzip (RFC 1952) off, if there is one.
enum Gzip {
  /// Whether bytes begin as a gzip file does.
  static func isWrapped(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// What is inside of a gzip file of one member.
  ///
  /// - Parameter limit: more bytes than this are refused, so that a small file can't fill the memory.
  /// - Throws: ``FileError`` if the file is cut off, damaged or too large inside.
  static func unwrap(_ bytes: [UInt8], limit: Int) throws(FileError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's header and check sum.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
      throw FileError("zlib could not start")
    }
    defer { inflateEnd(&stream) }
    guard bytes.count <= Int(UInt32.max) else { throw FileError("the gzip file is larger than 4 GB") }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var status = Z_OK
    var input = bytes
    input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      while status == Z_OK, result.count <= limit {
        let produced = piece.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
          return target.count - Int(stream.avail_out)
        }
        result.append(contentsOf: piece[..<produced])
      }
    }
    guard result.count <= limit else { throw FileError("it has more than \(limit) bytes inside") }
    switch status {
    case Z_STREAM_END:
      guard stream.avail_in == 0 else {
        throw FileError("the gzip file has \(stream.avail_in) bytes behind its end")
      }
      return result
    // No progress can be made: the input ended first.
    case Z_BUF_ERROR: throw FileError("the gzip file is cut off after \(bytes.count) bytes")
    default: throw FileError("the gzip file is damaged")
    }
  }
}
