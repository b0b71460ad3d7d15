import LockstepCore

/// Moves the elements of row-major arrays so that their axes have another order.
package enum ElementOrder {
  /// Elements whose first index changes fastest, as ones whose last does.
  static func rowMajor(_ bytes: [UInt8], shape: [Int], elementSize: Int) -> [UInt8] {
    // Column-major is row-major of the shape turned round.
    permuted(
      bytes, shape: shape.reversed(), axes: shape.indices.reversed(), elementSize: elementSize)
  }

  /// Elements whose last index changes fastest, as ones whose first does.
  static func columnMajor(_ bytes: [UInt8], shape: [Int], elementSize: Int) -> [UInt8] {
    permuted(bytes, shape: shape, axes: shape.indices.reversed(), elementSize: elementSize)
  }

  /// A row-major array whose axis i was the axis `axes[i]`, as NumPy's `transpose`. Traps unless the axes are those
  /// of the shape and the bytes fill it.
  package static func permuted(
    _ bytes: [UInt8], shape: [Int], axes: [Int], elementSize: Int
  ) -> [UInt8] {
    trap(unless: axes.sorted() == Array(shape.indices), "\(axes) are not the axes of \(shape)")
    trap(
      unless: bytes.count == shape.reduce(elementSize, *), "\(bytes.count) bytes do not fill \(shape)")
    guard axes != Array(shape.indices) else { return bytes }
    // How far an index of the source moves an element in the result.
    var steps = [Int](repeating: 0, count: shape.count)
    var step = 1
    for axis in axes.reversed() {
      steps[axis] = step
      step *= shape[axis]
    }
    switch elementSize {
    case 8: return moved(bytes, shape, steps, as: UInt64.self)
    case 4: return moved(bytes, shape, steps, as: UInt32.self)
    default: return moved(bytes, shape, steps, as: UInt8.self)
    }
  }

  private static func moved<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], _ shape: [Int], _ steps: [Int], as type: Word.Type
  ) -> [UInt8] {
    let size = MemoryLayout<Word>.size
    let count = bytes.count / size
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, filled in
      bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(target)
        var indices = [Int](repeating: 0, count: shape.count)
        var place = 0
        for element in 0..<count {
          let word = source.loadUnaligned(fromByteOffset: element * size, as: Word.self)
          target.storeBytes(of: word, toByteOffset: place * size, as: Word.self)
          var axis = shape.count - 1
          while axis >= 0 {
            indices[axis] += 1
            place += steps[axis]
            guard indices[axis] == shape[axis] else { break }
            place -= steps[axis] * shape[axis]
            indices[axis] = 0
            axis -= 1
          }
        }
      }
      filled = bytes.count
    }
  }
}
