import LockstepCore

/// Creation and layout, on every dtype and to the bit.
enum LayoutCases {
  static var fill: [ConformanceCase] {
    let shapes: [Shape] = [[], [0], [0, 3], [1, 1], [13], [3, 5, 7], [70_001]]
    let values: [(DType, [Scalar])] = [
      (
        .float32,
        [.real(0), .real(-0.0), .real(0.1), .real(.infinity), .real(.nan), .integer(3), .integer(1 << 40)]
      ),
      (
        .float64,
        [.real(0), .real(-0.0), .real(0.1), .real(-.infinity), .real(.nan), .integer(3), .integer(1 << 40)]
      ),
      (.int64, [.integer(0), .integer(.max), .integer(.min), .real(-3)]),
      (.int32, [.integer(0), .integer(Int64(Int32.max)), .integer(Int64(Int32.min)), .real(-3)]),
      (.uint8, [.integer(0), .integer(255), .real(7)]),
      (.bool, [.integer(0), .integer(1)]),
    ]
    return values.flatMap { dtype, scalars in
      scalars.flatMap { value in
        shapes.map { shape in
          ConformanceCase("\(value) \(shape) \(dtype)", .fill(Fill(value, shape, dtype)), [], .bits)
        }
      }
    }
  }

  static var reshape: [ConformanceCase] {
    let shapes: [(Shape, Shape)] = [
      ([], [1, 1]), ([1], []), ([3, 4], [2, 6]), ([0, 3], [0]), ([2, 3, 4], [24]), ([70_000], [700, 100]),
    ]
    return shapes.flatMap { source, target in moved("\(source) to \(target)", .reshape(target), source) }
  }

  static var broadcast: [ConformanceCase] {
    let shapes: [(Shape, Shape)] = [
      ([], []), ([], [3]), ([], [0]), ([1], [4]), ([3], [2, 3]), ([2, 1], [2, 3]), ([1, 3, 1], [2, 3, 4]),
      ([0], [2, 0]), ([1, 1], [0, 3]), ([3, 1, 5, 1], [3, 7, 5, 2]), ([33], [2200, 33]),
      ([2000, 1], [2000, 37]),
    ]
    return shapes.flatMap { source, target in moved("\(source) to \(target)", .broadcast(target), source) }
  }

  static var transpose: [ConformanceCase] {
    let permutations: [(Shape, [Int])] = [
      ([], []), ([7], [0]), ([3, 5], [1, 0]), ([3, 5], [0, 1]), ([1, 1], [1, 0]), ([0, 3], [1, 0]),
      ([2, 3, 4], [0, 2, 1]), ([2, 3, 4], [1, 0, 2]), ([2, 3, 4], [1, 2, 0]), ([2, 3, 4], [2, 0, 1]),
      ([2, 3, 4], [2, 1, 0]), ([2, 3, 4, 5], [0, 3, 1, 2]), ([2, 3, 4, 5], [3, 2, 0, 1]),
      ([2, 1, 2, 1, 3, 1, 2, 3], [7, 6, 5, 4, 3, 2, 1, 0]), ([131, 517], [1, 0]),
    ]
    return permutations.flatMap { shape, permutation in
      moved("\(shape) by \(permutation)", .transpose(permutation), shape)
    }
  }

  static var slice: [ConformanceCase] {
    let slices: [(Shape, Slice)] = [
      ([], Slice(starts: [], sizes: [], steps: [])),
      ([7], Slice(starts: [2], sizes: [3], steps: [1])),
      ([7], Slice(starts: [1], sizes: [3], steps: [2])),
      ([7], Slice(starts: [7], sizes: [0], steps: [1])),
      ([7], Slice(starts: [0], sizes: [1], steps: [9])),
      ([0, 3], Slice(starts: [0, 1], sizes: [0, 2], steps: [1, 1])),
      ([3, 5], Slice(starts: [0, 0], sizes: [3, 5], steps: [1, 1])),
      ([3, 5], Slice(starts: [1, 0], sizes: [2, 3], steps: [1, 2])),
      ([2, 7, 7, 3], Slice(starts: [1, 1, 2, 0], sizes: [1, 3, 2, 2], steps: [1, 2, 3, 2])),
      ([300, 301], Slice(starts: [3, 1], sizes: [290, 150], steps: [1, 2])),
    ]
    return slices.enumerated().flatMap { index, entry in
      moved("\(index) of \(entry.0)", .slice(entry.1), entry.0)
    }
  }

  static var pad: [ConformanceCase] {
    let pads: [(Shape, Pad)] = [
      ([], Pad(low: [], high: [], interior: [])),
      ([3], Pad(low: [0], high: [0], interior: [0])),
      ([3], Pad(low: [2], high: [1], interior: [0])),
      ([3], Pad(low: [0], high: [1], interior: [2])),
      ([0, 2], Pad(low: [2, 1], high: [1, 0], interior: [3, 1])),
      ([0], Pad(low: [0], high: [0], interior: [1])),
      ([1, 1], Pad(low: [1, 2], high: [3, 4], interior: [5, 6])),
      ([2, 3, 3, 2], Pad(low: [0, 1, 2, 0], high: [0, 2, 1, 1], interior: [0, 1, 2, 0])),
      ([130, 140], Pad(low: [3, 0], high: [0, 5], interior: [1, 1])),
    ]
    return pads.enumerated().flatMap { index, entry in moved("\(index) of \(entry.0)", .pad(entry.1), entry.0)
    }
  }

  /// A case for every dtype, with NaN, infinities and zeros of both signs among the elements.
  private static func moved(_ name: String, _ operation: Operation, _ shape: Shape) -> [ConformanceCase] {
    // A large tensor tells how work is cut into pieces, which the width of an element decides.
    let dtypes: [DType] = shape.count > 1000 ? [.float32, .int64, .uint8] : DType.allCases
    return dtypes.map { ConformanceCase(name, operation, [CaseInput(shape, $0, .extremes($0))], .bits) }
  }
}
