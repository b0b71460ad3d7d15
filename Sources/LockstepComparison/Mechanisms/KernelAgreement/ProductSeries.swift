import LockstepCore

/// Products of one pair of matrices, cut to their first K columns and rows, for every K: an element is then a
/// sum of K terms that the next K adds one term to.
struct ProductSeries {
  /// 48 × 48 is a multiple of every kernel's tile, and too small for `gemm.c` to cut it: OpenBLAS is called
  /// once for each product, with these very sizes. Its AVX-512 kernels have code of their own for products of
  /// up to 10⁶ multiplications: here, up to K = 434.
  static let edge = 48

  let rowCount: Int
  let columnCount: Int
  let largestInner: Int
  private let left: [Float]
  private let right: [Float]

  /// Draws matrices of standard normal numbers, always the same.
  init(rowCount: Int = edge, columnCount: Int = edge, largestInner: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.largestInner = largestInner
    func numbers(_ count: Int, _ index: UInt64) -> [Float] {
      var stream = RandomStream(seed: 0, purpose: .experiment, index: index)
      return (0..<count).map { _ in Float(stream.normal()) }
    }
    left = numbers(rowCount * largestInner, 0)
    right = numbers(largestInner * columnCount, 1)
  }

  /// Elements of a product.
  var elementCount: Int { rowCount * columnCount }

  /// The product over the first K, as a device computes it.
  func product(inner: Int, on device: Device) throws -> [Float] {
    var cut: [Float] = []
    cut.reserveCapacity(rowCount * inner)
    for row in 0..<rowCount {
      cut += left[row * largestInner..<row * largestInner + inner]
    }
    let a = Tensor(cut, shape: [rowCount, inner], on: device)
    let b = Tensor(Array(right[..<(inner * columnCount)]), shape: [inner, columnCount], on: device)
    return try a.matmul(b).scalars(as: Float.self)
  }

  /// The products in double precision, and the sums of the terms' magnitudes: a walk from one K to the next.
  struct Exact {
    private(set) var inner = 0
    private(set) var products: [Double]
    private(set) var magnitudes: [Double]
    private let series: ProductSeries

    init(_ series: ProductSeries) {
      self.series = series
      products = Array(repeating: 0, count: series.elementCount)
      magnitudes = products
    }

    /// Goes on to the next K.
    mutating func advance() {
      let right = series.right[(inner * series.columnCount)...].prefix(series.columnCount).map(Double.init)
      for row in 0..<series.rowCount {
        let factor = Double(series.left[row * series.largestInner + inner])
        for column in 0..<series.columnCount {
          let term = factor * right[column]
          products[row * series.columnCount + column] += term
          magnitudes[row * series.columnCount + column] += abs(term)
        }
      }
      inner += 1
    }
  }
}
