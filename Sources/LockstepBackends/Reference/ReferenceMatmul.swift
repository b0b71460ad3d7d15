import LockstepCore

/// Matrix products: the inner dimension in order, one product after the other.
extension ReferenceKernels {
  static func matmul(
    _ lhs: ReferenceTensor, _ rhs: ReferenceTensor, _ matmul: Matmul, _ output: TensorSpec
  ) -> ReferenceTensor {
    let rank = output.shape.rank
    let rows = output.shape[rank - 2]
    let columns = output.shape[rank - 1]
    let inner = matmul.transposeA ? lhs.shape[rank - 2] : lhs.shape[rank - 1]
    let batches = output.shape.dimensions.dropLast(2).reduce(1, *)

    let swapped = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    let left = matmul.transposeA ? transposed(lhs, swapped) : lhs
    let right = matmul.transposeB ? transposed(rhs, swapped) : rhs
    let size = MatrixSize(batches: batches, rows: rows, inner: inner, columns: columns)
    return ReferenceTensor(output, reals: product(left.reals, right.reals, size))
  }

  private struct MatrixSize {
    var batches, rows, inner, columns: Int
  }

  private static func transposed(_ x: ReferenceTensor, _ permutation: [Int]) -> ReferenceTensor {
    let shape = Shape(permutation.map { x.shape.dimensions[$0] })
    return transpose(x, permutation, TensorSpec(shape, x.spec.dtype))
  }

  private static func product(_ left: [Double], _ right: [Double], _ size: MatrixSize) -> [Double] {
    var result = [Double](repeating: 0, count: size.batches * size.rows * size.columns)
    result.withUnsafeMutableBufferPointer { result in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for batch in 0..<size.batches {
            for row in 0..<size.rows {
              let target = (batch * size.rows + row) * size.columns
              for k in 0..<size.inner {
                let factor = left[(batch * size.rows + row) * size.inner + k]
                let source = (batch * size.inner + k) * size.columns
                for column in 0..<size.columns {
                  result[target + column] += factor * right[source + column]
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
