import CZlib

/// Deflates (RFC 1951) by zlib.
enum Deflate {
  /// The deflated bytes, without a wrapping.
  ///
  /// - Throws: ``FileError`` if zlib finds no memory.
  static func run(_ bytes: [UInt8]) throws(FileError) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    else { throw FileError("zlib could not start") }
    defer { deflateEnd(&stream) }
    var result: [UInt8] = []
    var output = [UInt8](repeating: 0, count: 1 << 18)
    var input = bytes
    input.withUnsafeMutableBufferPointer { source in
      var fed = 0
      var status = Z_OK
      while status == Z_OK {
        if stream.avail_in == 0, fed < source.count {
          let count = min(source.count - fed, 1 << 30)
          stream.next_in = source.baseAddress.map { $0 + fed }
          stream.avail_in = UInt32(count)
          fed += count
        }
        let produced = output.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = deflate(&stream, fed == source.count ? Z_FINISH : Z_NO_FLUSH)
          return target.count - Int(stream.avail_out)
        }
        result.append(contentsOf: output[..<produced])
      }
    }
    return result
  }

  /// The CRC-32 of bytes, as zip and gzip have it.
  static func checkSum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
