import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Softmax over the last axis, and the loss made from it.
extension ReferenceKernels {
  static func softmax(_ x: ReferenceTensor, _ output: TensorSpec) -> ReferenceTensor {
    ReferenceTensor(output, reals: rows(of: x).flatMap { softmax($0) })
  }

  static func softmaxGradient(
    _ y: ReferenceTensor, upstream: ReferenceTensor, _ output: TensorSpec
  ) -> ReferenceTensor {
    let gradients = zip(rows(of: y), rows(of: upstream)).flatMap { y, g in
      let shared = zip(y, g).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(y, g).map { $0 * ($1 - shared) }
    }
    return ReferenceTensor(output, reals: gradients)
  }

  static func logSoftmax(_ x: ReferenceTensor, _ output: TensorSpec) -> ReferenceTensor {
    ReferenceTensor(output, reals: rows(of: x).flatMap { logSoftmax($0) })
  }

  static func logSoftmaxGradient(
    _ y: ReferenceTensor, upstream: ReferenceTensor, _ output: TensorSpec
  ) -> ReferenceTensor {
    let gradients = zip(rows(of: y), rows(of: upstream)).flatMap { y, g in
      let total = g.reduce(0, +)
      return zip(y, g).map { $1 - exp($0) * total }
    }
    return ReferenceTensor(output, reals: gradients)
  }

  static func softmaxCrossEntropy(
    _ logits: ReferenceTensor, labels: ReferenceTensor, smoothing: Double, _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    let classes = logits.shape[1]
    let labels = try checked(labels, below: classes)
    let losses = zip(rows(of: logits), labels).map { row, label in
      let logarithms = logSoftmax(row)
      // Without smoothing the other classes don't count, even where their logarithm is −∞.
      guard smoothing != 0 else { return -logarithms[label] }
      let mean = logarithms.reduce(0, +) / Double(classes)
      return -((1 - smoothing) * logarithms[label] + smoothing * mean)
    }
    return ReferenceTensor(output, reals: losses)
  }

  static func softmaxCrossEntropyGradient(
    _ logits: ReferenceTensor, labels: ReferenceTensor, upstream: ReferenceTensor, smoothing: Double,
    _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    let classes = logits.shape[1]
    let labels = try checked(labels, below: classes)
    let upstream = upstream.reals
    var gradients: [Double] = []
    for (example, row) in rows(of: logits).enumerated() {
      for (index, probability) in softmax(row).enumerated() {
        let target = (index == labels[example] ? 1 - smoothing : 0) + smoothing / Double(classes)
        gradients.append((probability - target) * upstream[example])
      }
    }
    return ReferenceTensor(output, reals: gradients)
  }

  private static func rows(of x: ReferenceTensor) -> [ArraySlice<Double>] {
    let values = x.reals
    let width = x.shape[-1]
    guard width > 0 else { return [] }
    return stride(from: 0, to: values.count, by: width).map { values[$0..<($0 + width)] }
  }

  private static func softmax(_ row: ArraySlice<Double>) -> [Double] {
    let largest = row.reduce(-.infinity, ReferenceFunctions.maximum)
    let exponentials = row.map { exp($0 - largest) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }

  private static func logSoftmax(_ row: ArraySlice<Double>) -> [Double] {
    let largest = row.reduce(-.infinity, ReferenceFunctions.maximum)
    let logarithm = log(row.reduce(0) { $0 + exp($1 - largest) })
    return row.map { $0 - largest - logarithm }
  }
}
