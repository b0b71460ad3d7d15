import LockstepCore

/// What differs between two backends' results of one instruction. Two NaNs are no difference, whatever their
/// bits.
struct OutputDifference {
  /// How far apart the elements are that differ.
  private(set) var histogram = UlpHistogram()
  /// All elements.
  private(set) var elementCount = 0
  /// The first element that differs.
  private(set) var first: (output: Int, element: Int, values: PairedValue)?

  init(_ first: [TensorValue], _ second: [TensorValue]) {
    for (output, pair) in zip(first, second).enumerated() {
      elementCount += pair.0.spec.shape.count
      guard pair.0.bytes != pair.1.bytes else { continue }
      switch pair.0.spec.dtype {
      case .float32:
        add(output, pair, Float.self) {
          Double($0)
        } distance: {
          $0.ulps(to: $1)
        }
      case .float64:
        add(output, pair, Double.self) {
          $0
        } distance: {
          $0.ulps(to: $1)
        }
      case .int64: add(output, pair, Int64.self)
      case .int32: add(output, pair, Int32.self)
      case .uint8, .bool: add(output, pair, UInt8.self)
      }
    }
  }

  /// How many elements differ.
  var count: Int { histogram.total }

  private mutating func add<Element: FixedWidthInteger & BitwiseCopyable>(
    _ output: Int, _ pair: (TensorValue, TensorValue), _ type: Element.Type
  ) {
    Self.forEachDifference(pair, type) { element, left, right in
      note(
        output, element, PairedValue(Double(left), Double(right)), (Double(left) - Double(right)).magnitude)
    }
  }

  private mutating func add<Element: BinaryFloatingPoint & BitwiseCopyable>(
    _ output: Int, _ pair: (TensorValue, TensorValue), _ type: Element.Type,
    _ real: (Element) -> Double, distance: (Element, Element) -> Double
  ) {
    Self.forEachDifference(pair, type) { element, left, right in
      if left.isNaN && right.isNaN { return }
      let isComparable = left.isFinite && right.isFinite
      note(
        output, element, PairedValue(real(left), real(right)),
        isComparable ? distance(left, right) : .infinity)
    }
  }

  private mutating func note(_ output: Int, _ element: Int, _ values: PairedValue, _ distance: Double) {
    histogram.add(distance)
    if first == nil { first = (output, element, values) }
  }

  /// Calls `body` for every element whose bytes differ.
  private static func forEachDifference<Element: BitwiseCopyable>(
    _ pair: (TensorValue, TensorValue), _ type: Element.Type, _ body: (Int, Element, Element) -> Void
  ) {
    let width = MemoryLayout<Element>.size
    pair.0.bytes.withUnsafeBytes { left in
      pair.1.bytes.withUnsafeBytes { right in
        for element in 0..<(left.count / width) {
          let offset = element * width
          guard bits(left, at: offset, width) != bits(right, at: offset, width) else { continue }
          body(
            element, left.load(fromByteOffset: offset, as: type), right.load(fromByteOffset: offset, as: type)
          )
        }
      }
    }
  }

  /// An element's bits; comparing bytes one by one would take most of the time.
  @inline(__always)
  private static func bits(_ bytes: UnsafeRawBufferPointer, at offset: Int, _ width: Int) -> UInt64 {
    switch width {
    case 8: bytes.load(fromByteOffset: offset, as: UInt64.self)
    case 4: UInt64(bytes.load(fromByteOffset: offset, as: UInt32.self))
    default: UInt64(bytes[offset])
    }
  }
}
