/// Numbers of 16 bits as float32, which has all of them.
enum HalfPrecision {
  /// The elements widened.
  ///
  /// - Parameter isBrain: whether they are of bfloat16, float32's upper half, and not of IEEE 754's binary16.
  static func widened(_ bytes: ArraySlice<UInt8>, isBrain: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(2 * bytes.count)
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
      let half = UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
      let word = isBrain ? half << 16 : binary16(half)
      withUnsafeBytes(of: word.littleEndian) { result.append(contentsOf: $0) }
    }
    return result
  }

  /// The bits of the float32 that is equal to a binary16. By hand, since not every machine's Swift has `Float16`.
  private static func binary16(_ half: UInt32) -> UInt32 {
    let sign = (half & 0x8000) << 16
    let exponent = half >> 10 & 0x1F
    let fraction = half & 0x3FF
    switch exponent {
    case 0x1F: return sign | 0x7F80_0000 | fraction << 13
    // Zero or subnormal: a whole number of 2⁻²⁴, which float32 holds exactly.
    case 0: return sign | (Float(fraction) * 0x1p-24).bitPattern
    default: return sign | (exponent + 112) << 23 | fraction << 13
    }
  }
}
