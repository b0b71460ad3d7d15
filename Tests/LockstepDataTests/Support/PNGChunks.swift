/// The chunks of a PNG, to make files that are wrong in one thing only.
struct PNGChunks {
  struct Chunk {
    var kind: String
    var data: [UInt8]

    /// Length, kind, data and a correct check sum.
    var encoded: [UInt8] {
      let body = Array(kind.utf8) + data
      return bigEndian(UInt32(data.count)) + body + bigEndian(checkSum(body))
    }
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  var chunks: [Chunk] = []

  init(_ file: [UInt8]) {
    var position = Self.signature.count
    while position < file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
      chunks.append(Chunk(kind: kind, data: Array(file[position + 8..<position + 8 + length])))
      position += 12 + length
    }
  }

  /// A PNG with correct check sums, whatever the chunks contain.
  var file: [UInt8] {
    Self.signature + chunks.flatMap(\.encoded)
  }

  /// A header that promises an image of this size, and nothing of it.
  static func bomb(width: UInt32, height: UInt32, colorType: UInt8 = 6) -> [UInt8] {
    var bomb = PNGChunks(signature)
    let header = bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0]
    bomb.chunks = [
      Chunk(kind: "IHDR", data: header),
      Chunk(kind: "IDAT", data: [0x78, 0x9C, 0x63, 0, 0]),
      Chunk(kind: "IEND", data: []),
    ]
    return bomb.file
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  /// CRC-32 as in the PNG specification, annex D.
  static func checkSum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
  }
}
