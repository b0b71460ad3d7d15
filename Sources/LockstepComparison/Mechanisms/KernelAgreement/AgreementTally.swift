import LockstepCore

/// Holds kernels' products against each other and against the exact ones, K by K.
struct AgreementTally {
  /// By kernel: the largest error, in u·|A||B|.
  private(set) var largestErrors: [Double]
  /// Every two kernels that ran.
  private(set) var pairs: [KernelAgreement.Pair] = []
  /// The largest K that was looked at.
  private(set) var largestInner = 0
  private let values: [[[Float]]]
  /// By pair: which kernels.
  private var members: [(Int, Int)] = []
  /// By pair: elements that differ from K* on.
  private var differing: [Int] = []

  /// - Parameter kernels: for each, the products for K = 1, 2, …, as far as it came.
  init(_ kernels: [(name: String, values: [[Float]])]) {
    values = kernels.map(\.values)
    largestErrors = Array(repeating: 0, count: kernels.count)
    let running = kernels.indices.filter { !kernels[$0].values.isEmpty }
    for (place, first) in running.enumerated() {
      for second in running[(place + 1)...] {
        members.append((first, second))
        pairs.append(
          KernelAgreement.Pair(
            first: kernels[first].name, second: kernels[second].name, largestInner: 0, firstDifference: nil,
            differingInnerCount: 0, shareAtFirst: 0, shareBeyond: 0, largestUlps: 0, largestDifference: 0))
      }
    }
    differing = Array(repeating: 0, count: pairs.count)
  }

  /// Goes through all K for which there are products, as far as there is time.
  mutating func walk(_ series: ProductSeries, until deadline: Deadline) {
    var exact = ProductSeries.Exact(series)
    for index in 0..<(values.map(\.count).max() ?? 0) {
      guard !deadline.hasPassed else { break }
      exact.advance()
      compare(at: index, ExactProduct(exact))
      largestInner = index + 1
    }
    for pair in pairs.indices {
      guard let first = pairs[pair].firstDifference else { continue }
      let elements = (pairs[pair].largestInner - first + 1) * series.elementCount
      pairs[pair].shareBeyond = Double(differing[pair]) / Double(elements)
    }
  }

  private mutating func compare(at index: Int, _ exact: ExactProduct) {
    // Most kernels share their code with others: each result is looked at once.
    var distinct: [[Float]] = []
    let kinds = values.map { products -> Int? in
      guard products.count > index else { return nil }
      if let kind = distinct.firstIndex(where: { hasSameBits($0, products[index]) }) { return kind }
      distinct.append(products[index])
      return distinct.count - 1
    }
    let errors = distinct.map(exact.largestError)
    for (kernel, kind) in kinds.enumerated() {
      if let kind { largestErrors[kernel] = max(largestErrors[kernel], errors[kind]) }
    }
    var differences: [[Int]: ProductDifference] = [:]
    for pair in pairs.indices {
      guard let a = kinds[members[pair].0], let b = kinds[members[pair].1] else { continue }
      pairs[pair].largestInner = index + 1
      guard a != b else { continue }
      let kinds = [min(a, b), max(a, b)]
      let difference = differences[kinds] ?? exact.difference(distinct[kinds[0]], distinct[kinds[1]])
      differences[kinds] = difference
      note(difference, of: pair, inner: index + 1)
    }
  }

  private mutating func note(_ difference: ProductDifference, of pair: Int, inner: Int) {
    if pairs[pair].firstDifference == nil {
      pairs[pair].firstDifference = inner
      pairs[pair].shareAtFirst = Double(difference.count) / Double(difference.elementCount)
    }
    pairs[pair].differingInnerCount += 1
    pairs[pair].largestUlps = max(pairs[pair].largestUlps, difference.largestUlps)
    pairs[pair].largestDifference = max(pairs[pair].largestDifference, difference.largest)
    differing[pair] += difference.count
  }
}

/// What two products differ by.
private struct ProductDifference {
  var elementCount: Int
  /// Elements with other bits.
  var count = 0
  var largestUlps = 0.0
  /// In u·|A||B|.
  var largest = 0.0
}

/// A product in double precision, with what one rounding of each element can do.
private struct ExactProduct {
  let values: [Double]
  let scales: [Double]

  init(_ exact: ProductSeries.Exact) {
    values = exact.products
    scales = exact.magnitudes.map { $0 * 0x1p-24 }
  }

  func largestError(_ product: [Float]) -> Double {
    var largest = 0.0
    for index in product.indices {
      let error = abs(Double(product[index]) - values[index]) / scales[index]
      // A NaN is no small error.
      if !(error <= largest) { largest = error.isNaN ? .infinity : error }
    }
    return largest
  }

  func difference(_ a: [Float], _ b: [Float]) -> ProductDifference {
    var result = ProductDifference(elementCount: a.count)
    for index in a.indices where a[index].bitPattern != b[index].bitPattern {
      result.count += 1
      result.largestUlps = max(result.largestUlps, a[index].ulps(to: b[index]))
      result.largest = max(result.largest, abs(Double(a[index]) - Double(b[index])) / scales[index])
    }
    return result
  }
}

private func hasSameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count && a.indices.allSatisfy { a[$0].bitPattern == b[$0].bitPattern }
}
