import LockstepCore

/// Holds kernels' products against each other and against the exact ones.
struct AgreementTally {
  /// 2⁻²⁴: what one rounding can be off by, relative to the number.
  private static let unit = 0x1p-24

  /// By kernel: the largest error, in u·|A||B|.
  private(set) var largestErrors: [Double]
  /// Every two kernels that ran.
  private(set) var pairs: [KernelAgreement.Pair] = []
  private let kernels: [(name: String, values: [[Float]])]
  /// By pair: which kernels.
  private var members: [(Int, Int)] = []
  /// By pair: elements that differ from K* on.
  private var differing: [Int] = []

  /// - Parameter kernels: for each, the products for K = 1, 2, …, as far as it came.
  init(_ kernels: [(String, [[Float]])]) {
    self.kernels = kernels.map { (name: $0.0, values: $0.1) }
    largestErrors = Array(repeating: 0, count: kernels.count)
    let running = self.kernels.indices.filter { !self.kernels[$0].values.isEmpty }
    for (place, first) in running.enumerated() {
      for second in running[(place + 1)...] {
        members.append((first, second))
        pairs.append(
          KernelAgreement.Pair(
            first: self.kernels[first].name, second: self.kernels[second].name,
            largestInner: min(self.kernels[first].values.count, self.kernels[second].values.count),
            firstDifference: nil, differingInnerCount: 0, shareAtFirst: 0, shareBeyond: 0, largestUlps: 0,
            largestDifference: 0))
      }
    }
    differing = Array(repeating: 0, count: pairs.count)
  }

  /// Goes through all K.
  mutating func walk(_ series: ProductSeries) {
    var exact = ProductSeries.Exact(series)
    for index in 0..<(kernels.map(\.values.count).max() ?? 0) {
      exact.advance()
      let scales = exact.magnitudes.map { $0 * Self.unit }
      for kernel in kernels.indices where kernels[kernel].values.count > index {
        let error = Self.largestError(kernels[kernel].values[index], exact.products, scales)
        largestErrors[kernel] = max(largestErrors[kernel], error)
      }
      for pair in pairs.indices where pairs[pair].largestInner > index {
        compare(pair, at: index, scales)
      }
    }
    for pair in pairs.indices {
      guard let first = pairs[pair].firstDifference else { continue }
      let elements = (pairs[pair].largestInner - first + 1) * series.elementCount
      pairs[pair].shareBeyond = Double(differing[pair]) / Double(elements)
    }
  }

  private static func largestError(_ values: [Float], _ exact: [Double], _ scales: [Double]) -> Double {
    var largest = 0.0
    for index in values.indices {
      let error = abs(Double(values[index]) - exact[index]) / scales[index]
      // A NaN is no small error.
      if !(error <= largest) { largest = error.isNaN ? .infinity : error }
    }
    return largest
  }

  private mutating func compare(_ pair: Int, at index: Int, _ scales: [Double]) {
    let a = kernels[members[pair].0].values[index]
    let b = kernels[members[pair].1].values[index]
    var count = 0
    for element in a.indices where a[element].bitPattern != b[element].bitPattern {
      count += 1
      pairs[pair].largestUlps = max(pairs[pair].largestUlps, a[element].ulps(to: b[element]))
      let difference = abs(Double(a[element]) - Double(b[element])) / scales[element]
      pairs[pair].largestDifference = max(pairs[pair].largestDifference, difference)
    }
    guard count > 0 else { return }
    if pairs[pair].firstDifference == nil {
      pairs[pair].firstDifference = index + 1
      pairs[pair].shareAtFirst = Double(count) / Double(a.count)
    }
    pairs[pair].differingInnerCount += 1
    differing[pair] += count
  }
}
