/// The check sum of TensorFlow's record files: CRC-32C, turned and offset so that the sum of a text that holds sums
/// is no accident. Source: tensorflow/core/lib/hash/crc32c.h.
enum MaskedChecksum {
  /// Castagnoli's polynomial, least significant bit first.
  private static let polynomial: UInt32 = 0x82F6_3B78

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
  }

  /// The plain CRC-32C (RFC 3720).
  static func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
  }

  /// The check sum as a record has it.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = crc(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }
}
