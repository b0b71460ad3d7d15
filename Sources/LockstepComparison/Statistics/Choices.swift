import LockstepCore

/// All ways to choose one number from each of several lists, by the sum of the chosen.
struct Choices {
  /// Up to so many sums of half the lists are kept: with two halves, 10¹² choices are counted exactly.
  static let halfLimit = 1 << 20
  /// How many random choices are tried beyond.
  static let sampleCount = 20_000

  private let lists: [[Double]]

  /// Lists that each have a number.
  init(_ lists: [[Double]]) { self.lists = lists }

  /// The share that a single choice is; the smallest that random ones can give, where they are used.
  var smallestShare: Double {
    let count = Self.count(lists[...])
    return isCountable ? 1 / count : max(1 / count, 1 / Double(Self.sampleCount + 1))
  }

  /// The share of the choices whose sum is at least a limit, and whether all were counted. Of random ones the
  /// observed choice counts as one, without which the share would be too small (Phipson and Smyth, 2010).
  func shareAtLeast(_ limit: Double) -> (share: Double, isExact: Bool) {
    guard isCountable else { return (sampledShare(atLeast: limit), false) }
    // Sums of each half, then for each sum of the first how many of the second reach the limit with it.
    let first = Self.sums(firstHalf).sorted()
    let second = Self.sums(secondHalf).sorted(by: >)
    var (total, reaching) = (0.0, 0)
    for sum in first {
      while reaching < second.count, sum + second[reaching] >= limit { reaching += 1 }
      total += Double(reaching)
    }
    return (total / (Double(first.count) * Double(second.count)), true)
  }

  private var firstHalf: ArraySlice<[Double]> { lists.prefix(lists.count / 2) }
  private var secondHalf: ArraySlice<[Double]> { lists.dropFirst(lists.count / 2) }

  private var isCountable: Bool {
    max(Self.count(firstHalf), Self.count(secondHalf)) <= Double(Self.halfLimit)
  }

  private static func count(_ lists: ArraySlice<[Double]>) -> Double {
    lists.reduce(1) { $0 * Double($1.count) }
  }

  private static func sums(_ lists: ArraySlice<[Double]>) -> [Double] {
    lists.reduce([0]) { sums, list in sums.flatMap { sum in list.map { sum + $0 } } }
  }

  private func sampledShare(atLeast limit: Double) -> Double {
    var random = RandomStream(seed: 0, purpose: .permutation, index: UInt64(lists.count))
    var count = 1
    for _ in 0..<Self.sampleCount {
      let sum = lists.reduce(0) { $0 + $1[random.next(below: $1.count)] }
      if sum >= limit { count += 1 }
    }
    return Double(count) / Double(Self.sampleCount + 1)
  }
}
