internal import LockstepCore

/// Chooses the test images of a data set that has none of its own.
enum StratifiedSplit {
  /// Which of a class's `count` files, in sorted order, are for testing: round(count × fraction) of them, at
  /// least one and not all. Depends on nothing else than the arguments, so adding a class or a file to
  /// another class moves no image of this one.
  static func testIndices(count: Int, fraction: Double, seed: UInt64, className: String) -> Set<Int> {
    trap(unless: count > 1, "a class of \(count) images cannot be split")
    let wanted = Int((Double(count) * fraction).rounded())
    let index = RandomStream.index(of: className)
    var random = RandomStream(seed: seed, purpose: .split, index: index)
    return Set(Array(0..<count).shuffled(by: &random).prefix(min(max(wanted, 1), count - 1)))
  }
}
