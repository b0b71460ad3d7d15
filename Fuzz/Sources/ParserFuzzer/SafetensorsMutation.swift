/// A safetensors file as its header and its tensors' bytes, so that one can be changed and the header's length be right.
enum SafetensorsMutation {
  private static let lengthSize = 8

  /// The file changed somewhere.
  static func mutated(_ bytes: [UInt8], limit: Int, _ random: inout MutationRandom) -> [UInt8] {
    guard bytes.count >= lengthSize, Int.random(in: 0..<4, using: &random) > 0 else {
      return ParserFuzzer.mutated(bytes, limit: limit)
    }
    let length = bytes[..<lengthSize].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - lengthSize) else {
      return ParserFuzzer.mutated(bytes, limit: limit)
    }
    let end = lengthSize + Int(length)
    var (header, tensors) = (Array(bytes[lengthSize..<end]), Array(bytes[end...]))
    if Int.random(in: 0..<4, using: &random) > 0 {
      header = ParserFuzzer.mutated(header, limit: limit)
    } else {
      tensors = ParserFuzzer.mutated(tensors, limit: limit)
    }
    return (0..<lengthSize).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + tensors
  }
}
