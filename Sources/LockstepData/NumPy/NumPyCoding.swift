import LockstepCore

extension NumPyArray {
  /// Reads the contents of a `.npy` file.
  ///
  /// - Throws: ``NumPyError``, without a file's name: every length is checked before it is used.
  public init(fileContents: [UInt8]) throws(NumPyError) {
    let header = try NumPyHeader(fileContents)
    guard case .number(let dtype, let isBigEndian) = header.element else {
      throw NumPyError("holds texts, not numbers")
    }
    let spec = TensorSpec(Shape(header.shape), dtype)
    let elements = try header.elements(of: fileContents)
    guard dtype != .bool || elements.allSatisfy({ $0 <= 1 }) else {
      throw NumPyError("is of bool and holds bytes that are neither 0 nor 1")
    }
    var bytes = Array(elements)
    if isBigEndian { bytes.reverseEach(dtype.byteCount) }
    if header.order == .fortran {
      bytes = ElementOrder.rowMajor(bytes, shape: header.shape, elementSize: dtype.byteCount)
    }
    self.init(spec: spec, bytes: bytes)
  }

  /// The bytes of a `.npy` file, as `np.save` writes them.
  public func fileContents(order: Order = .c) -> [UInt8] {
    let shape = spec.shape.dimensions
    let header = NumPyHeader.encoded(descr: NumPyElement.descr(of: spec.dtype), shape: shape, order: order)
    guard order == .fortran else { return header + bytes }
    return header + ElementOrder.columnMajor(bytes, shape: shape, elementSize: spec.dtype.byteCount)
  }
}

/// Arrays of texts: class names and the like.
enum NumPyText {
  /// The texts of a one-dimensional array's file.
  static func decoded(_ contents: [UInt8]) throws(NumPyError) -> [String] {
    let header = try NumPyHeader(contents)
    guard case .text(let length, let isBigEndian) = header.element, header.shape.count == 1 else {
      throw NumPyError("is no one-dimensional array of texts")
    }
    var bytes = Array(try header.elements(of: contents))
    if isBigEndian { bytes.reverseEach(4) }
    var texts: [String] = []
    for index in 0..<header.shape[0] {
      var text = String.UnicodeScalarView()
      let start = 4 * length * index
      for place in stride(from: start, to: start + 4 * length, by: 4) {
        let value = bytes[place..<(place + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if value == 0 { break }
        guard let scalar = Unicode.Scalar(value) else { throw NumPyError("holds a text that is not Unicode") }
        text.append(scalar)
      }
      texts.append(String(text))
    }
    return texts
  }

  /// The file of a one-dimensional array of texts. NumPy can't keep zeros at a text's end, nor do we.
  static func encoded(_ texts: [String]) -> [UInt8] {
    let scalars = texts.map { Array($0.unicodeScalars) }
    let length = max(1, scalars.map(\.count).max() ?? 0)
    var bytes = NumPyHeader.encoded(descr: "<U\(length)", shape: [texts.count], order: .c)
    for text in scalars {
      for place in 0..<length {
        let value = place < text.count ? text[place].value : 0
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }
}

extension NumPyHeader {
  /// The bytes behind the header, if there are as many as it says.
  fileprivate func elements(of contents: [UInt8]) throws(NumPyError) -> ArraySlice<UInt8> {
    let (size, overflows) = shape.reduce(1, *).multipliedReportingOverflow(by: element.byteCount)
    let found = contents.count - end
    guard !overflows, size <= found else {
      throw NumPyError("is cut off: its header promises \(shape) elements, \(found) bytes are there")
    }
    guard size == found else { throw NumPyError("has \(found - size) bytes behind its elements") }
    return contents[end...]
  }
}

extension [UInt8] {
  /// Turns the bytes of each element of a size around.
  fileprivate mutating func reverseEach(_ size: Int) {
    guard size > 1 else { return }
    for start in stride(from: 0, to: count, by: size) { self[start..<(start + size)].reverse() }
  }
}
