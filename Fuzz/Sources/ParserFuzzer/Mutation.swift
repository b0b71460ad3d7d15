import CFuzzing

/// Bytes, changed in libFuzzer's way; `limit` is the most that there may be.
func mutated(_ bytes: [UInt8], limit: Int) -> [UInt8] {
  let limit = min(max(limit, bytes.count), max(64, 2 * bytes.count))
  var buffer = bytes + [UInt8](repeating: 0, count: limit - bytes.count)
  let count = LLVMFuzzerMutate(&buffer, bytes.count, limit)
  return Array(buffer.prefix(count))
}

/// Numbers that follow from the seed that libFuzzer gives with an input (SplitMix64).
struct MutationRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt32) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}

/// The CRC-32 of PNG and zip.
func checkSum(_ bytes: some Collection<UInt8>) -> UInt32 {
  let bytes = Array(bytes)
  return UInt32(truncatingIfNeeded: crc32_z(0, bytes, bytes.count))
}

/// What zlib makes bytes to, or of them.
enum Packing {
  /// In zlib's wrapping, as in PNG.
  case zlib
  /// Without any, as in zip.
  case bare

  private var windowBits: Int32 { self == .zlib ? 15 : -15 }
  /// What is unpacked is cut there: an input may say that it is large.
  private static let limit = 1 << 18

  /// The bytes deflated.
  func packed(_ bytes: [UInt8], level: Int) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard deflateInit2_(&stream, Int32(level), Z_DEFLATED, windowBits, 8, 0, ZLIB_VERSION, size) == Z_OK
    else {
      return []
    }
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(bytes.count)))
    return Self.run(&stream, bytes, room: room) { deflate(&$0, Z_FINISH) }
  }

  /// As much of what was deflated as can be had; nil of what was not.
  func unpacked(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    let result = Self.run(&stream, bytes, room: Self.limit) { inflate(&$0, Z_SYNC_FLUSH) }
    return result.isEmpty ? nil : result
  }

  private static func run(
    _ stream: inout z_stream, _ bytes: [UInt8], room: Int, _ step: (inout z_stream) -> Int32
  ) -> [UInt8] {
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: room) { output, count in
      input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(room)
        _ = step(&stream)
        count = room - Int(stream.avail_out)
      }
    }
  }
}
