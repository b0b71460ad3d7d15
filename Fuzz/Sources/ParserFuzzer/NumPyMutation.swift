/// A `.npy` file as its header and elements, so that one can be changed and lengths be right.
struct NumPyMutation {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let types = [
    "<f4", "<f8", "<i4", "<i8", ">f4", ">f8", ">i4", ">i8", "|u1", "|b1", "<U3", ">U2", "|O", "<f2", "=i8",
  ]

  private var version: UInt8
  private var header: [UInt8]
  private var elements: [UInt8]

  /// Nil of what is no such file.
  private init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12, bytes.starts(with: Self.magic), (1...3).contains(bytes[6]) else { return nil }
    version = bytes[6]
    let start = version == 1 ? 10 : 12
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { return nil }
    header = Array(bytes[start..<(start + length)])
    elements = Array(bytes[(start + length)...])
  }

  private var bytes: [UInt8] {
    let width = version == 1 ? 2 : 4
    let length = (0..<width).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return Self.magic + [version, 0] + length + header + elements
  }

  /// The file changed somewhere.
  static func mutated(_ bytes: [UInt8], limit: Int, _ random: inout MutationRandom) -> [UInt8] {
    guard var file = NumPyMutation(bytes) else { return ParserFuzzer.mutated(bytes, limit: limit) }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return ParserFuzzer.mutated(bytes, limit: limit)
    case 1: file.header = ParserFuzzer.mutated(file.header, limit: limit)
    case 2: file.elements = ParserFuzzer.mutated(file.elements, limit: limit)
    default: file.describe(&random)
    }
    return file.bytes
  }

  /// Another type, order and shape, with the elements that it takes in most cases.
  private mutating func describe(_ random: inout MutationRandom) {
    let type = Self.types.randomElement(using: &random)!
    let shape = (0..<Int.random(in: 0..<5, using: &random)).map { _ in Int.random(in: 0..<4, using: &random) }
    let tuple = shape.map { "\($0), " }.joined()
    let order = Bool.random(using: &random) ? "True" : "False"
    header = Array("{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(tuple)), }\n".utf8)
    version = UInt8.random(in: 1...3, using: &random)
    if Int.random(in: 0..<4, using: &random) > 0 {
      let size = shape.reduce(type.contains("U") ? 12 : 8, *)
      let width = type.hasSuffix("1") ? 8 : type.hasSuffix("4") ? 2 : 1
      elements = Array((elements + [UInt8](repeating: 0, count: size)).prefix(size / width))
    }
  }
}
