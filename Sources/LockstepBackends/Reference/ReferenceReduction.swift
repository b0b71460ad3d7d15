import LockstepCore

/// Reductions over axes and positions of extremes.
extension ReferenceKernels {
  static func reduce(
    _ x: ReferenceTensor, _ reduction: Reduction, axes: [Int], _ output: TensorSpec
  ) -> ReferenceTensor {
    let targets = reductionTargets(of: x.shape, axes: axes)
    if x.spec.dtype.isFloatingPoint {
      return ReferenceTensor(output, reals: reduce(x.reals, reduction, targets, count: output.shape.count))
    }
    return ReferenceTensor(
      output, integers: reduce(x.integers, reduction, targets, count: output.shape.count))
  }

  private static func reduce(
    _ values: [Double], _ reduction: Reduction, _ targets: [Int], count: Int
  ) -> [Double] {
    switch reduction {
    case .sum: return sum(values, targets, count: count)
    case .sumOfSquares: return sum(values.map { $0 * $0 }, targets, count: count)
    case .mean:
      let sums = sum(values, targets, count: count)
      let share = Double(values.count / max(count, 1))
      return sums.map { $0 / share }
    case .max:
      return fold(
        values, targets, [Double](repeating: -.infinity, count: count), ReferenceFunctions.maximum)
    case .min:
      return fold(
        values, targets, [Double](repeating: .infinity, count: count), ReferenceFunctions.minimum)
    }
  }

  private static func reduce(
    _ values: [Int64], _ reduction: Reduction, _ targets: [Int], count: Int
  ) -> [Int64] {
    switch reduction {
    case .sum: fold(values, targets, [Int64](repeating: 0, count: count), &+)
    case .max: fold(values, targets, [Int64](repeating: .min, count: count), max)
    case .min: fold(values, targets, [Int64](repeating: .max, count: count), min)
    case .mean, .sumOfSquares: preconditionFailure("\(reduction) of integers")
    }
  }

  /// A sum of all, with what every addition rounded away.
  static func sum(_ values: [Double]) -> Double {
    sum(values, [Int](repeating: 0, count: values.count), count: 1)[0]
  }

  /// Sums with what every addition rounded away added in the end (Neumaier, "Rundungsfehleranalyse einiger
  /// Verfahren zur Summation endlicher Summen", ZAMM 54, 1974): in float64 a judge must be better than a double.
  private static func sum(_ values: [Double], _ targets: [Int], count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var corrections = sums
    for (value, target) in zip(values, targets) {
      let (before, after) = (sums[target], sums[target] + value)
      corrections[target] +=
        before.magnitude >= value.magnitude ? (before - after) + value : (value - after) + before
      sums[target] = after
    }
    return zip(sums, corrections).map { $0.isFinite ? $0 + $1 : $0 }
  }

  private static func fold<Value>(
    _ values: [Value], _ targets: [Int], _ initial: [Value], _ combine: (Value, Value) -> Value
  ) -> [Value] {
    var results = initial
    for (value, target) in zip(values, targets) { results[target] = combine(results[target], value) }
    return results
  }

  /// For every element, which element of the result it goes into.
  private static func reductionTargets(of shape: Shape, axes: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: shape.rank)
    var next = 1
    for axis in (0..<shape.rank).reversed() where !axes.contains(axis) {
      strides[axis] = next
      next *= shape.dimensions[axis]
    }
    return offsets(of: shape, strides: strides)
  }

  static func argReduce(
    _ x: ReferenceTensor, _ extremum: Extremum, axis: Int, _ output: TensorSpec
  ) -> ReferenceTensor {
    let lanes = Lanes(x.shape, axis: axis)
    if x.spec.dtype.isFloatingPoint {
      return ReferenceTensor(output, integers: firstExtremes(x.reals, lanes, isBeyond(extremum)))
    }
    let isBeyond: (Int64, Int64) -> Bool = extremum == .max ? { $0 > $1 } : { $0 < $1 }
    return ReferenceTensor(output, integers: firstExtremes(x.integers, lanes, isBeyond))
  }

  /// Whether a number is a new extreme: NaN is one, and nothing is beyond it.
  private static func isBeyond(_ extremum: Extremum) -> (Double, Double) -> Bool {
    switch extremum {
    case .max: { x, best in !best.isNaN && (x.isNaN || x > best) }
    case .min: { x, best in !best.isNaN && (x.isNaN || x < best) }
    }
  }

  private static func firstExtremes<Value>(
    _ values: [Value], _ lanes: Lanes, _ isBeyond: (Value, Value) -> Bool
  ) -> [Int64] {
    var positions: [Int64] = []
    for outer in 0..<lanes.outer {
      for inner in 0..<lanes.inner {
        var best = 0
        for position in 0..<lanes.size {
          let value = values[lanes.offset(outer, position, inner)]
          if isBeyond(value, values[lanes.offset(outer, best, inner)]) { best = position }
        }
        positions.append(Int64(best))
      }
    }
    return positions
  }
}
