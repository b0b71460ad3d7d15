/// The scalars that a device was asked for first. Programs use few, such as the 1 in `x + 1`, and these again and
/// again: to upload one would take as long as to compute with it.
struct ConstantTable {
  /// Few enough to look through faster than memory could be had.
  private static let capacity = 16

  private var entries: [(bits: UInt64, dtype: DType, buffer: BufferID)] = []

  /// The buffer of a constant that is kept.
  subscript(_ bits: UInt64, _ dtype: DType) -> BufferID? {
    entries.first { $0.bits == bits && $0.dtype == dtype }?.buffer
  }

  /// Keeps a constant for as long as the device lives, and says whether there was room for it.
  mutating func keep(_ buffer: BufferID, _ bits: UInt64, _ dtype: DType) -> Bool {
    guard entries.count < Self.capacity else { return false }
    entries.append((bits, dtype, buffer))
    return true
  }
}
