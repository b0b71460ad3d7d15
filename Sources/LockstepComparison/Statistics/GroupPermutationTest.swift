import LockstepCore

/// Whether two groups of numbers have one mean, by dealing the numbers out to the groups anew.
public enum GroupPermutationTest {
  /// Up to so many ways to deal out every one is tried.
  public static let exactLimit = 2_000_000
  /// How many random ways are tried beyond.
  public static let sampleCount = 20_000

  /// The two-sided p-value of the difference of means; 1 if a group is empty. Nothing pairs the numbers, so it
  /// takes far more of them to find a difference than where runs share a seed.
  public static func pValue(_ first: [Double], _ second: [Double]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return 1 }
    let all = first + second
    let total = all.reduce(0, +)
    let (m, n) = (Double(first.count), Double(second.count))
    func difference(_ sum: Double) -> Double { abs(sum / m - (total - sum) / n) }
    let observed = difference(first.reduce(0, +)) - 1e-12 * (all.map(abs).max() ?? 0)
    guard let ways = ways(all.count, choose: first.count) else {
      return sampledPValue(all, first.count) { difference($0) >= observed }
    }
    var count = 0
    choose(first.count, of: all[...], sum: 0) { if difference($0) >= observed { count += 1 } }
    return Double(count) / Double(ways)
  }

  /// The smallest p-value that groups of these sizes can give, however far apart they are.
  public static func smallestPValue(_ first: Int, _ second: Int) -> Double {
    let ways = ways(first + second, choose: first).map(Double.init) ?? Double(sampleCount + 1)
    return min(1, (first == second ? 2 : 1) / ways)
  }

  /// n choose k; nil if more than ``exactLimit``.
  private static func ways(_ n: Int, choose k: Int) -> Int? {
    var result = 1
    for index in 0..<min(k, n - k) {
      result = result * (n - index) / (index + 1)
      if result > exactLimit { return nil }
    }
    return result
  }

  private static func choose(_ k: Int, of rest: ArraySlice<Double>, sum: Double, _ body: (Double) -> Void) {
    if k == 0 { return body(sum) }
    guard rest.count >= k, let first = rest.first else { return }
    choose(k - 1, of: rest.dropFirst(), sum: sum + first, body)
    choose(k, of: rest.dropFirst(), sum: sum, body)
  }

  private static func sampledPValue(_ all: [Double], _ k: Int, _ isExtreme: (Double) -> Bool) -> Double {
    var random = RandomStream(seed: 0, purpose: .permutation, index: UInt64(all.count))
    var numbers = all
    var count = 1
    for _ in 0..<sampleCount {
      var sum = 0.0
      for index in 0..<k {
        numbers.swapAt(index, index + random.next(below: numbers.count - index))
        sum += numbers[index]
      }
      if isExtreme(sum) { count += 1 }
    }
    return Double(count) / Double(sampleCount + 1)
  }
}
