/// Ways to add float32 numbers, written out in Swift, which never changes the order of additions: what a
/// kernel's accumulators do to a sum, without the kernel.
public enum Summation: Hashable, Sendable {
  /// So many accumulators, each of every so many-th number; their sums are added in a tree of halves. One is
  /// the loop that everybody writes first; as many as a CPU's vectors hold is what compilers make of it.
  case accumulators(Accumulators)
  /// Halves, each added by itself, down to 128 numbers in 8 accumulators: NumPy's `pairwise_sum`.
  case pairwise

  /// A number of accumulators.
  public enum Accumulators: Int, CaseIterable, Sendable {
    /// Plain scalar code.
    case one = 1
    /// Two lanes, as of a 128-bit register of doubles.
    case two = 2
    /// Four lanes, as of a 128-bit register of floats.
    case four = 4
    /// Eight lanes, as of a 256-bit register.
    case eight = 8
    /// Sixteen lanes, as of a 512-bit register.
    case sixteen = 16
    /// Thirty-two lanes, as of two such registers.
    case thirtyTwo = 32
  }

  /// All of them.
  public static let all = Accumulators.allCases.map(Summation.accumulators) + [.pairwise]

  /// What it is called, such as `4 accumulators`.
  public var name: String {
    switch self {
    case .accumulators(.one): "1 accumulator"
    case .accumulators(let count): "\(count.rawValue) accumulators"
    case .pairwise: "pairwise"
    }
  }

  /// The sum, every addition rounded to float32.
  public func callAsFunction(_ terms: [Float]) -> Float {
    terms.withUnsafeBufferPointer { terms in
      switch self {
      case .accumulators(.one): Self.inOrder(terms)
      case .accumulators(.two): Self.sideBySide(terms, SIMD2<Float>.self)
      case .accumulators(.four): Self.sideBySide(terms, SIMD4<Float>.self)
      case .accumulators(.eight): Self.sideBySide(terms, SIMD8<Float>.self)
      case .accumulators(.sixteen): Self.sideBySide(terms, SIMD16<Float>.self)
      case .accumulators(.thirtyTwo): Self.sideBySide(terms, SIMD32<Float>.self)
      case .pairwise: Self.byHalves(terms[...])
      }
    }
  }

  private static func inOrder(_ terms: UnsafeBufferPointer<Float>) -> Float {
    var sum: Float = 0
    for term in terms { sum += term }
    return sum
  }

  private static func sideBySide<Lanes: SIMD>(
    _ terms: UnsafeBufferPointer<Float>, _: Lanes.Type
  ) -> Float where Lanes.Scalar == Float {
    let width = Lanes.scalarCount
    let bytes = UnsafeRawBufferPointer(terms)
    let whole = terms.count / width * width
    var sums = Lanes()
    for index in stride(from: 0, to: whole, by: width) {
      sums += bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.size, as: Lanes.self)
    }
    for index in whole..<terms.count { sums[index - whole] += terms[index] }
    var half = width / 2
    while half > 0 {
      for lane in 0..<half { sums[lane] += sums[lane + half] }
      half /= 2
    }
    return sums[0]
  }

  /// Source: NumPy, `numpy/_core/src/umath/loops_utils.h.src`.
  private static func byHalves(_ terms: Slice<UnsafeBufferPointer<Float>>) -> Float {
    if terms.count < 8 { return terms.reduce(0, +) }
    if terms.count > 128 {
      let middle = terms.startIndex + terms.count / 2 / 8 * 8
      return byHalves(terms[..<middle]) + byHalves(terms[middle...])
    }
    var sums = SIMD8<Float>()
    let whole = terms.count / 8 * 8
    for index in stride(from: 0, to: whole, by: 8) {
      for lane in 0..<8 { sums[lane] += terms[terms.startIndex + index + lane] }
    }
    let sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    return terms[(terms.startIndex + whole)...].reduce(sum, +)
  }
}
