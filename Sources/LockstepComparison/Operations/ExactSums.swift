import LockstepCore

/// Sums of products in double precision, with the sums of their magnitudes.
///
/// The sums that take most of a training's time are worked out here, on all cores; the others by the reference.
/// Where the results under test are doubles themselves, sums are compensated, so that the rounding of the
/// exact results does not count against them.
enum ExactSums {
  /// Every element's sum, and the sum of its terms' magnitudes.
  struct Result {
    var exact: [Double]
    var magnitudes: [Double]
  }

  /// The sums of an operation with one output.
  static func evaluate(
    _ operation: Operation, _ inputs: [TensorValue], _ output: TensorSpec
  ) throws(BackendError) -> Result {
    switch operation {
    case .matmul(let matmul): products(matmul, inputs[0], inputs[1], output)
    case .conv2D(let convolution):
      ConvolutionSums(
        convolution, image: inputs[0].spec.shape, weight: inputs[1].spec.shape, result: output.shape
      ).forward(inputs[0], inputs[1], output)
    case .conv2DInputGradient(let convolution, _, _):
      ConvolutionSums(
        convolution, image: output.shape, weight: inputs[1].spec.shape, result: inputs[0].spec.shape
      ).inputGradient(inputs[0], inputs[1], output)
    case .conv2DWeightGradient(let convolution, _, _):
      ConvolutionSums(
        convolution, image: inputs[0].spec.shape, weight: output.shape, result: inputs[1].spec.shape
      ).weightGradient(inputs[0], inputs[1], output)
    case .reduce(.sum, let axes): reduction(inputs[0], axes, output, divisor: 1)
    case .reduce(.mean, let axes):
      reduction(inputs[0], axes, output, divisor: Double(axes.reduce(1) { $0 * inputs[0].spec.shape[$1] }))
    default:
      Result(
        exact: try OperationOracle.evaluate(operation, inputs.map(\.doubled), [output.doubled])[0].reals,
        magnitudes: try OperationOracle.evaluate(
          operation, inputs.map(\.magnitudes.doubled), [output.doubled])[0].reals)
    }
  }

  /// A matrix product, a row of the result after the other.
  private static func products(
    _ matmul: Matmul, _ a: TensorValue, _ b: TensorValue, _ output: TensorSpec
  ) -> Result {
    let (rows, columns) = (output.shape[-2], output.shape[-1])
    let inner = a.spec.shape[matmul.transposeA ? -2 : -1]
    let left = matmul.transposeA ? transposed(a.reals, rows: inner, columns: rows) : a.reals
    let right = matmul.transposeB ? transposed(b.reals, rows: columns, columns: inner) : b.reals
    let rowCount = columns == 0 ? 0 : output.shape.count / columns
    return SumTable.fill(output, shards: rowCount) { row, table in
      let matrix = row / rows * inner
      for k in 0..<inner {
        table.add(
          left[row * inner + k], right, from: (matrix + k) * columns, to: row * columns, count: columns)
      }
    }
  }

  /// Matrices, one after the other, with rows and columns exchanged.
  private static func transposed(_ values: [Double], rows: Int, columns: Int) -> [Double] {
    let size = rows * columns
    return values.indices.map { index in
      let (matrix, place) = (index / size * size, index % size)
      return values[matrix + place % rows * columns + place / rows]
    }
  }

  private static func reduction(
    _ x: TensorValue, _ axes: [Int], _ output: TensorSpec, divisor: Double
  ) -> Result {
    let values = x.reals
    let dimensions = x.spec.shape.dimensions
    var strides = [Int](repeating: 0, count: dimensions.count)
    var next = 1
    for axis in dimensions.indices.reversed() where !axes.contains(axis) {
      strides[axis] = next
      next *= dimensions[axis]
    }
    var sums = SumTable.fill(output, shards: 1) { _, table in
      func visit(_ axis: Int, _ source: Int, _ target: Int) {
        guard axis < dimensions.count else {
          table.add(1, values, from: source, to: target, count: 1)
          return
        }
        for position in 0..<dimensions[axis] {
          visit(axis + 1, source * dimensions[axis] + position, target + position * strides[axis])
        }
      }
      visit(0, 0, 0)
    }
    if divisor != 1 {
      sums.exact = sums.exact.map { $0 / divisor }
      sums.magnitudes = sums.magnitudes.map { $0 / divisor }
    }
    return sums
  }
}
