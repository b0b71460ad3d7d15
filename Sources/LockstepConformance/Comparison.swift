import LockstepCore

/// The element of a result that lies farthest outside of what is allowed.
struct Mismatch {
  var element: Int
  var got: String
  var want: String
  var bound: String

  /// Where it is, what was got and wanted, and the bound.
  func description(output: Int, of specs: [TensorSpec]) -> String {
    var index: [Int] = []
    var rest = element
    for stride in specs[output].shape.strides {
      index.append(rest / stride)
      rest %= stride
    }
    let place = specs.count > 1 ? "output \(output) at \(index)" : "at \(index)"
    return "\(place) got \(got), want \(want) (\(bound))"
  }
}

/// How results are held against the oracle's.
enum Comparison {
  /// The worst element of a result, or nil where all are within bounds.
  ///
  /// - Parameter slack: for every element how far off it may be; only for tolerances that need it.
  static func worst(
    _ got: TensorValue, _ want: TensorValue, _ tolerance: Tolerance, slack: [Double]
  ) -> Mismatch? {
    if got.bytes == want.bytes { return nil }
    guard got.spec.dtype.isFloatingPoint else { return firstDifference(got.integers, want.integers) }
    switch tolerance {
    case .bits: return firstDifferentBits(got, want)
    case .equal:
      return worst(got, want, bound: { _ in "equal" }, excess: { _, got, want in (got - want).magnitude })
    case .ulps(let single, let double):
      let allowed = got.spec.dtype == .float32 ? single : double
      let isSingle = got.spec.dtype == .float32
      return worst(got, want, bound: { _ in "\(allowed) ulp" }) { _, got, want in
        let apart = isSingle ? Float(got).ulps(to: Float(want)) : got.ulps(to: want)
        return apart <= Double(allowed) ? 0 : apart
      }
    case .accumulated, .scaled:
      return worst(got, want, bound: { "|difference| ≤ \(slack[$0])" }) { element, got, want in
        let difference = (got - want).magnitude
        return difference <= slack[element] ? 0 : difference / slack[element]
      }
    }
  }

  private static func worst(
    _ got: TensorValue, _ want: TensorValue, bound: (Int) -> String,
    excess: (_ element: Int, _ got: Double, _ want: Double) -> Double
  ) -> Mismatch? {
    let dtype = got.spec.dtype
    let got = got.reals
    let want = want.reals
    var worst = (element: -1, excess: 0.0)
    for element in got.indices {
      let (found, wanted) = (got[element], want[element])
      if found == wanted || (found.isNaN && wanted.isNaN) { continue }
      let isComparable = found.isFinite && wanted.isFinite
      let excess = isComparable ? excess(element, found, wanted) : .infinity
      // Where the bound itself is no number, the difference of two numbers can't be within it.
      if !(excess <= worst.excess) { worst = (element, excess.isNaN ? .infinity : excess) }
    }
    guard worst.element >= 0 else { return nil }
    return Mismatch(
      element: worst.element, got: text(got[worst.element], dtype), want: text(want[worst.element], dtype),
      bound: bound(worst.element))
  }

  private static func firstDifferentBits(_ got: TensorValue, _ want: TensorValue) -> Mismatch? {
    let dtype = got.spec.dtype
    let (got, want) = (got.reals, want.reals)
    let differs = got.indices.first { element in
      let areNaN = got[element].isNaN && want[element].isNaN
      return !areNaN && got[element].bitPattern != want[element].bitPattern
    }
    return differs.map {
      Mismatch(
        element: $0, got: text(got[$0], dtype), want: text(want[$0], dtype), bound: "the same bits")
    }
  }

  /// A number with the digits its type has.
  private static func text(_ value: Double, _ dtype: DType) -> String {
    dtype == .float32 ? "\(Float(value))" : "\(value)"
  }

  private static func firstDifference(_ got: [Int64], _ want: [Int64]) -> Mismatch? {
    got.indices.first { got[$0] != want[$0] }.map {
      Mismatch(element: $0, got: "\(got[$0])", want: "\(want[$0])", bound: "equal")
    }
  }
}
