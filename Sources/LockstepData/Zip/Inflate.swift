import CZlib

/// Undoes deflate (RFC 1951) by zlib.
enum Inflate {
  /// What surrounds the deflated bytes.
  enum Wrapping {
    /// Nothing, as in a zip file.
    case none
    /// gzip's header and check sum.
    case gzip

    /// zlib's parameter: 15 bits of window, negative for none, and 16 for gzip.
    fileprivate var windowBits: Int32 { self == .none ? -15 : 15 + 16 }
  }

  /// How the bytes ended.
  enum End: Equatable {
    /// As they should; this many bytes follow.
    case complete(unusedCount: Int)
    /// They would have given more bytes than were wanted.
    case overLimit
    /// Before their end mark.
    case cutOff
    /// They are not deflated, or a check sum is wrong.
    case damaged
  }

  /// As much of the input as zlib counts at once.
  private static let pieceSize = 1 << 30

  /// What deflated bytes hold, up to `limit` bytes, and how they ended. Memory grows with what comes out, whatever
  /// was promised.
  ///
  /// - Throws: ``FileError`` if zlib finds no memory.
  static func run(
    _ bytes: ArraySlice<UInt8>, _ wrapping: Wrapping, limit: Int
  ) throws(FileError) -> (bytes: [UInt8], end: End) {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, wrapping.windowBits, ZLIB_VERSION, size) == Z_OK else {
      throw FileError("zlib could not start")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var output = [UInt8](repeating: 0, count: 1 << 18)
    var status = Z_OK
    var input = bytes
    let unused = input.withUnsafeMutableBufferPointer { source in
      var fed = 0
      while status == Z_OK, result.count <= limit {
        if stream.avail_in == 0 {
          let count = min(source.count - fed, pieceSize)
          stream.next_in = source.baseAddress.map { $0 + fed }
          stream.avail_in = UInt32(count)
          fed += count
        }
        let produced = output.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = inflate(&stream, Z_NO_FLUSH)
          return target.count - Int(stream.avail_out)
        }
        result.append(contentsOf: output[..<produced])
      }
      return source.count - fed + Int(stream.avail_in)
    }
    guard result.count <= limit else { return (result, .overLimit) }
    switch status {
    case Z_STREAM_END: return (result, .complete(unusedCount: unused))
    // No progress can be made: the input ended first.
    case Z_BUF_ERROR: return (result, .cutOff)
    default: return (result, .damaged)
    }
  }
}
