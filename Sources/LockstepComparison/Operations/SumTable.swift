import Dispatch
import LockstepCore

/// Sums that are being added up, each with what rounding took from it and with its terms' magnitudes.
struct SumTable {
  private let sums: UnsafeMutablePointer<Double>
  private let rests: UnsafeMutablePointer<Double>?
  private let magnitudes: UnsafeMutablePointer<Double>

  /// A table with an element for each of an output, filled on all cores; compensated if the output is double.
  ///
  /// - Parameters:
  ///   - shards: into how many parts the work is cut.
  ///   - body: adds up a part; no two parts may add to one element.
  static func fill(
    _ output: TensorSpec, shards: Int, _ body: (_ shard: Int, _ table: SumTable) -> Void
  ) -> ExactSums.Result {
    let count = output.shape.count
    var (sums, magnitudes) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var rests = [Double](repeating: 0, count: output.dtype == .float64 ? count : 0)
    sums.withUnsafeMutableBufferPointer { sums in
      magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        rests.withUnsafeMutableBufferPointer { rests in
          guard let start = sums.baseAddress, let sizes = magnitudes.baseAddress, count > 0 else { return }
          // Parts do not overlap, and nothing is read before all are done.
          nonisolated(unsafe) let table = SumTable(
            sums: start, rests: output.dtype == .float64 ? rests.baseAddress : nil, magnitudes: sizes)
          withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: shards) { body($0, table) }
          }
        }
      }
    }
    for index in rests.indices where sums[index].isFinite { sums[index] += rests[index] }
    return ExactSums.Result(exact: sums, magnitudes: magnitudes)
  }

  /// Adds `factor` times elements of a row to elements of the table.
  @inline(__always)
  func add(_ factor: Double, _ row: UnsafePointer<Double>, from source: Int, to target: Int, count: Int) {
    let row = row + source
    if let rests {
      for index in 0..<count { addCompensated(factor, row[index], to: target + index, rests) }
    } else {
      let (sums, magnitudes) = (sums + target, magnitudes + target)
      for index in 0..<count {
        let product = factor * row[index]
        sums[index] += product
        magnitudes[index] += product.magnitude
      }
    }
  }

  /// Dot2 of Ogita, Rump and Oishi, *Accurate Sum and Dot Product*, SIAM J. Sci. Comput. 26 (2005): as exact as
  /// if it were computed in twice the precision.
  private func addCompensated(
    _ factor: Double, _ element: Double, to index: Int, _ rests: UnsafeMutablePointer<Double>
  ) {
    let product = factor * element
    let productRest = (-product).addingProduct(factor, element)
    let (before, sum) = (sums[index], sums[index] + product)
    let added = sum - before
    let sumRest = (before - (sum - added)) + (product - added)
    sums[index] = sum
    rests[index] += sumRest + productRest
    magnitudes[index] += product.magnitude
  }
}
