/// Elements that differ.
enum BitDifference {
  /// How many elements of two tensors have other bits.
  static func count(_ first: [UInt8], _ second: [UInt8], elementSize: Int) -> Int {
    first.withUnsafeBytes { first in
      second.withUnsafeBytes { second in
        var count = 0
        for start in stride(from: 0, to: min(first.count, second.count), by: elementSize) {
          for offset in start..<start + elementSize where first[offset] != second[offset] {
            count += 1
            break
          }
        }
        return count
      }
    }
  }
}
