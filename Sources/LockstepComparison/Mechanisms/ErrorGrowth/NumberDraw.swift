import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Random numbers that all ways of adding are given.
struct NumberDraw {
  let count: Int
  /// Uniform in [0, 1).
  let a: [Float]
  /// Uniform in [0, 1).
  let b: [Float]
  /// Standard normal: logits.
  let normal: [Float]

  /// Draws numbers, always the same for a count and an index.
  init(count: Int, index: Int) {
    self.count = count
    func stream(_ part: UInt64) -> RandomStream {
      RandomStream(seed: UInt64(count), purpose: .experiment, index: 1000 + UInt64(index) * 3 + part)
    }
    func uniform(_ part: UInt64) -> [Float] {
      var stream = stream(part)
      return (0..<count).map { _ in stream.uniform() }
    }
    a = uniform(0)
    b = uniform(1)
    var normals = stream(2)
    normal = (0..<count).map { _ in Float(normals.normal()) }
  }

  /// Normal with mean 1000 and standard deviation 1, rounded to float32: these are the numbers whose variance
  /// is asked for.
  var shifted: [Float] { normal.map { $0 + 1000 } }

  /// Rows and columns of the matrices; they share n numbers, so that K is n / 4.
  static let edge = 4

  /// K of the matrix product.
  var inner: Int { count / Self.edge }
}

/// What a quantity is exactly, and the scale of its errors: in double precision, whose own errors are 10⁻⁷ of
/// those that are measured.
struct ExactFigure {
  private let quantity: ErrorGrowth.Quantity
  private let values: [Double]
  private let scales: [Double]

  init(_ quantity: ErrorGrowth.Quantity, of draw: NumberDraw) {
    self.quantity = quantity
    values =
      switch quantity {
      case .sum: [draw.a.reduce(0) { $0 + Double($1) }]
      case .dot: [Self.dot(draw)]
      case .matmul: Self.product(draw)
      case .onePassVariance, .twoPassVariance: [Self.variance(draw.shifted)]
      case .probabilitySum: [1]
      case .probability: Self.probabilities(draw.normal)
      }
    // Terms are positive everywhere, so that the sum of magnitudes is the result.
    scales = values
  }

  /// The exact figure, where it is one number.
  var single: Double? { values.count == 1 ? values[0] : nil }

  /// What a result amounts to, where that is one number.
  func single(of result: [Float]) -> Double? {
    guard single != nil else { return nil }
    return figures(result)[0]
  }

  /// The largest error of a result's elements, in u.
  func error(of result: [Float]) -> Double {
    var largest = 0.0
    for (index, figure) in figures(result).enumerated() {
      let error = abs(figure - values[index]) / (scales[index] * 0x1p-24)
      if !(error <= largest) { largest = error.isNaN ? .infinity : error }
    }
    return largest
  }

  private func figures(_ result: [Float]) -> [Double] {
    quantity == .probabilitySum ? [result.reduce(0) { $0 + Double($1) }] : result.map(Double.init)
  }

  private static func dot(_ draw: NumberDraw) -> Double {
    var sum = 0.0
    for index in 0..<draw.count { sum += Double(draw.a[index]) * Double(draw.b[index]) }
    return sum
  }

  private static func product(_ draw: NumberDraw) -> [Double] {
    let edge = NumberDraw.edge
    var sums = Array(repeating: 0.0, count: edge * edge)
    for row in 0..<edge {
      for k in 0..<draw.inner {
        let left = Double(draw.a[row * draw.inner + k])
        for column in 0..<edge {
          sums[row * edge + column] += left * Double(draw.b[k * edge + column])
        }
      }
    }
    return sums
  }

  private static func variance(_ numbers: [Float]) -> Double {
    let mean = numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return squares / Double(numbers.count)
  }

  private static func probabilities(_ logits: [Float]) -> [Double] {
    let largest = Double(logits.max() ?? 0)
    let powers = logits.map { exp(Double($0) - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
