/// A PNG file as the chunks it says it has, so that one can be changed and its length and check sum be right.
struct PNGMutation {
  private struct Chunk {
    var type: [UInt8]
    var data: [UInt8]
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let types = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "iCCP", "tEXt", "abCd"]
  /// Bits of a sample that go with a colour type.
  private static let depths: [(type: UInt8, depths: [UInt8])] = [
    (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
  ]

  /// Enough for a small image of any format.
  private static let blackSize = 2048

  private var chunks: [Chunk] = []
  /// What follows the last whole chunk.
  private var rest: [UInt8] = []

  /// Nil of what has not PNG's signature.
  private init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Self.signature) else { return nil }
    var place = Self.signature.count
    while place + 12 <= bytes.count {
      let length = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - place - 12 else { break }
      let data = place + 8
      chunks.append(Chunk(type: Array(bytes[(place + 4)..<data]), data: Array(bytes[data..<(data + length)])))
      place = data + length + 4
    }
    rest = Array(bytes[place...])
  }

  /// The file with the check sums that belong to its chunks.
  private var bytes: [UInt8] {
    var result = Self.signature
    for chunk in chunks {
      result += Self.word(UInt32(chunk.data.count)) + chunk.type + chunk.data
      result += Self.word(checkSum(chunk.type + chunk.data))
    }
    return result + rest
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// The file changed somewhere; one time in sixteen without mending a check sum.
  static func mutated(_ bytes: [UInt8], limit: Int, _ random: inout MutationRandom) -> [UInt8] {
    guard var file = PNGMutation(bytes), !file.chunks.isEmpty else {
      return ParserFuzzer.mutated(bytes, limit: limit)
    }
    switch Int.random(in: 0..<16, using: &random) {
    case 0: return ParserFuzzer.mutated(bytes, limit: limit)
    case 1, 2:
      let changed = ParserFuzzer.mutated(bytes, limit: limit)
      return PNGMutation(changed)?.bytes ?? changed
    case 3, 4: file.changeData(limit, &random)
    case 5: file.changeOrder(&random)
    case 6, 7, 8: file.changeHeader(&random)
    default: file.changePixels(limit, &random)
    }
    return file.bytes
  }

  private mutating func changeData(_ limit: Int, _ random: inout MutationRandom) {
    let index = Int.random(in: chunks.indices, using: &random)
    chunks[index].data = ParserFuzzer.mutated(chunks[index].data, limit: limit)
  }

  private mutating func changeOrder(_ random: inout MutationRandom) {
    let (one, other) = (
      Int.random(in: chunks.indices, using: &random), Int.random(in: chunks.indices, using: &random)
    )
    switch Int.random(in: 0..<5, using: &random) {
    case 0: chunks.swapAt(one, other)
    case 1: chunks.remove(at: one)
    case 2: chunks.insert(chunks[one], at: other)
    case 3: chunks[one].type = Array(Self.types.randomElement(using: &random)!.utf8)
    default:
      let data = ParserFuzzer.mutated([1, 2, 3], limit: 1024)
      chunks.insert(
        Chunk(type: Array(Self.types.randomElement(using: &random)!.utf8), data: data), at: other)
    }
  }

  /// Another size, or another format that is legal; a header, where there is none.
  private mutating func changeHeader(_ random: inout MutationRandom) {
    let type = Array("IHDR".utf8)
    if chunks[0].type != type || chunks[0].data.count != 13 {
      chunks[0] = Chunk(type: type, data: Self.word(8) + Self.word(8) + [8, 0, 0, 0, 0])
    }
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
      let side = 4 * Int.random(in: 0..<2, using: &random)
      chunks[0].data.replaceSubrange(
        side..<(side + 4), with: Self.word(UInt32.random(in: 1..<80, using: &random)))
    case 1:
      let format = Self.depths.randomElement(using: &random)!
      chunks[0].data[8] = format.depths.randomElement(using: &random)!
      chunks[0].data[9] = format.type
    default: chunks[0].data[12] ^= 1
    }
  }

  /// The filtered rows, deflated again, in one chunk or in two; black ones, where there are none.
  private mutating func changePixels(_ limit: Int, _ random: inout MutationRandom) {
    let idat = Array("IDAT".utf8)
    let first = chunks.firstIndex { $0.type == idat } ?? 1
    let packedRows = chunks.filter { $0.type == idat }.flatMap(\.data)
    let rows = Packing.zlib.unpacked(packedRows) ?? [UInt8](repeating: 0, count: Self.blackSize)
    let changed = ParserFuzzer.mutated(rows, limit: 4 * limit)
    let packed = Packing.zlib.packed(changed, level: Int.random(in: 0..<3, using: &random))
    let cut = Int.random(in: 0...packed.count, using: &random)
    chunks.removeAll { $0.type == idat }
    let parts = Bool.random(using: &random) ? [packed] : [Array(packed[..<cut]), Array(packed[cut...])]
    chunks.insert(contentsOf: parts.map { Chunk(type: idat, data: $0) }, at: min(first, chunks.count))
  }
}
