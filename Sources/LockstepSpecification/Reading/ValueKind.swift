import LockstepCore
import LockstepNN

/// How the value of a key is read.
struct ValueKind<T> {
  /// What a maker gets where the value is missing or wrong; never seen by anyone else.
  let standIn: T
  /// The value read, or nil after a problem was reported.
  let parse: (_ value: Value, _ key: String, _ reader: Reader) -> T?

  init(standIn: T, parse: @escaping (Value, String, Reader) -> T?) {
    self.standIn = standIn
    self.parse = parse
  }

  /// A kind that is recognised or not: `expected` completes "filters needs …".
  init(_ expected: String, standIn: T, _ recognise: @escaping (Value) -> T?) {
    self.init(standIn: standIn) { value, key, reader in
      let result = recognise(value)
      if result == nil { reader.report(value.position, "\(key) needs \(expected), not \(value.quoted)") }
      return result
    }
  }

  /// The same kind with a condition: `requirement` completes "filters must be …".
  func requiring(_ requirement: String, _ holds: @escaping (T) -> Bool) -> ValueKind {
    ValueKind(standIn: standIn) { value, key, reader in
      guard let result = parse(value, key, reader) else { return nil }
      guard holds(result) else {
        reader.report(value.position, "\(key) must be \(requirement), not \(value.written)")
        return nil
      }
      return result
    }
  }
}

/// No size in a model comes near; it keeps sums and products of a few sizes far from overflow.
private let largestSize = 1_000_000

extension ValueKind<Int> {
  static var whole: ValueKind { ValueKind("a whole number", standIn: 1, \.whole) }

  /// A whole number of at least 1.
  static var positive: ValueKind {
    whole.requiring("at least 1") { $0 >= 1 }.requiring("at most \(largestSize)") { $0 <= largestSize }
  }

  /// A whole number of at least 1, or the word `classes`.
  static var count: ValueKind {
    ValueKind(standIn: 1) { value, key, reader in
      value.text == "classes" ? reader.classes : positive.parse(value, key, reader)
    }
  }
}

extension ValueKind<Double> {
  static var number: ValueKind { ValueKind("a number", standIn: 0, \.number) }
  static var positiveNumber: ValueKind { number.requiring("more than 0") { $0 > 0 } }
  static var nonnegativeNumber: ValueKind { number.requiring("at least 0") { $0 >= 0 } }
  static var share: ValueKind { number.requiring("at least 0 and less than 1") { (0..<1).contains($0) } }
}

extension ValueKind<Bool> {
  static var flag: ValueKind {
    ValueKind("true or false", standIn: false) { $0.text.flatMap(Bool.init) }
  }
}

extension ValueKind<String> {
  /// A name that is safe as the name of a folder.
  static var identifier: ValueKind {
    ValueKind("a name of letters, digits, '-', '_' and '.'", standIn: "") { value in
      guard let text = value.text, !value.isEmpty, text.first != ".", text.utf8.count <= 100,
        text.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) })
      else { return nil }
      return text
    }
  }
}

extension ValueKind<Shape> {
  /// Such as `[height, width, channels]`.
  static var shape: ValueKind {
    // One dimension is left for the batch.
    let largestRank = Shape.maximumRank - 1
    return ValueKind<[Int]>("a list of 1 to \(largestRank) whole numbers", standIn: [1]) { value in
      value.wholeNumbers.flatMap { (1...largestRank).contains($0.count) ? $0 : nil }
    }
    .requiring("of sizes from 1 to \(largestSize)") { $0.allSatisfy { (1...largestSize).contains($0) } }
    .map(Shape.init)
  }
}

extension ValueKind<[Int]> {
  /// Sizes of which one may be left to be worked out, such as `[-1, 4]`.
  static var dimensions: ValueKind {
    let largestRank = Shape.maximumRank - 1
    return ValueKind("a list of 1 to \(largestRank) whole numbers", standIn: [1]) { value in
      value.wholeNumbers.flatMap { (1...largestRank).contains($0.count) ? $0 : nil }
    }
    .requiring("of sizes from 1 to \(largestSize), but for one -1") { sizes in
      sizes.allSatisfy { (1...largestSize).contains($0) || $0 == -1 } && sizes.count { $0 == -1 } <= 1
    }
  }
}

extension ValueKind<Size2D> {
  /// A number for both, or `[height, width]`.
  static var size: ValueKind { size(atLeast: 1) }

  /// The same, for what may be nothing.
  static var sizeOrZero: ValueKind { size(atLeast: 0) }

  private static func size(atLeast least: Int) -> ValueKind {
    ValueKind("a whole number or [height, width]", standIn: 1) { value in
      if let side = value.whole { return Size2D(height: side, width: side) }
      guard let sides = value.wholeNumbers, sides.count == 2 else { return nil }
      return Size2D(height: sides[0], width: sides[1])
    }
    .requiring("at least \(least)") { min($0.height, $0.width) >= least }
    .requiring("at most \(largestSize)") { max($0.height, $0.width) <= largestSize }
  }
}

extension ValueKind<Padding> {
  static var padding: ValueKind {
    ValueKind("same, valid, a whole number or [top, bottom, left, right]", standIn: .valid) { value in
      switch value.text {
      case "same": .same
      case "valid": .valid
      default: value.edges.map(Padding.init)
      }
    }
    .requiring("at least 0 and at most \(largestSize)") { padding in
      switch padding {
      case .same, .valid: true
      case .pixels(let pixels): (0...largestSize).contains(pixels)
      case .edges(let top, let bottom, let left, let right):
        [top, bottom, left, right].allSatisfy { (0...largestSize).contains($0) }
      }
    }
  }
}

extension ValueKind<EdgeInsets> {
  /// A number for all sides, or one for each.
  static var edges: ValueKind {
    ValueKind("a whole number or [top, bottom, left, right]", standIn: .zero, \.edges)
      .requiring("at least 0 and at most \(largestSize)") { edges in
        [edges.top, edges.bottom, edges.left, edges.right].allSatisfy { (0...largestSize).contains($0) }
      }
  }
}

extension Value {
  /// A number for all sides, or `[top, bottom, left, right]`.
  fileprivate var edges: EdgeInsets? {
    if let pixels = whole { return EdgeInsets(top: pixels, bottom: pixels, left: pixels, right: pixels) }
    guard let sides = wholeNumbers, sides.count == 4 else { return nil }
    return EdgeInsets(top: sides[0], bottom: sides[1], left: sides[2], right: sides[3])
  }
}

extension Padding {
  /// As many pixels as the edges have; one number where they are equal.
  fileprivate init(_ edges: EdgeInsets) {
    let (top, bottom, left, right) = (edges.top, edges.bottom, edges.left, edges.right)
    self =
      Set([top, bottom, left, right]).count == 1
      ? .pixels(top) : .edges(top: top, bottom: bottom, left: left, right: right)
  }
}

extension ValueKind {
  /// Keys of their own.
  static func section(standIn: T, _ make: @escaping (Arguments) -> T) -> ValueKind {
    ValueKind(standIn: standIn) { value, key, reader in
      let arguments = Arguments(key, value, reader)
      defer { arguments.finish() }
      return make(arguments)
    }
  }

  func map<Other>(_ transform: @escaping (T) -> Other) -> ValueKind<Other> {
    ValueKind<Other>(standIn: transform(standIn)) { parse($0, $1, $2).map(transform) }
  }
}
