import LockstepCore

/// What precedes the elements of a `.npy` file: six bytes of magic, two of version, a length, and a Python
/// dictionary as text, such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// A header of plain numbers has about 100 bytes; NumPy itself refuses those over 10,000.
  private static let lengthLimit = 10_000

  let element: NumPyElement
  let order: NumPyArray.Order
  let shape: [Int]
  /// Where the elements begin.
  let end: Int

  /// Reads a header. The problem that is thrown reads on from the file's name.
  init(_ bytes: some Collection<UInt8>) throws(NumPyError) {
    let start = Array(bytes.prefix(Self.lengthLimit + 12))
    guard start.starts(with: Self.magic) else {
      throw NumPyError("is no .npy file: it does not begin with \\x93NUMPY")
    }
    guard start.count >= 10 else { throw NumPyError("is cut off after \(start.count) bytes") }
    guard (1...3).contains(start[6]) else {
      throw NumPyError("is of version \(start[6]).\(start[7]) of the .npy format; 1.0 to 3.0 are known")
    }
    let lengthSize = start[6] == 1 ? 2 : 4
    guard start.count >= 8 + lengthSize else { throw NumPyError("is cut off after \(start.count) bytes") }
    let length = start[8..<(8 + lengthSize)].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.lengthLimit else {
      throw NumPyError("is said to have a header of \(length) bytes; up to \(Self.lengthLimit) are read")
    }
    end = 8 + lengthSize + length
    guard start.count >= end else { throw NumPyError("is cut off in its header") }
    var literal = PythonLiteral(start[(8 + lengthSize)..<end])
    guard case .dictionary(let fields)? = literal.parseAll(),
      Set(fields.map(\.key)) == ["descr", "fortran_order", "shape"], fields.count == 3
    else {
      throw NumPyError("has a header that is not NumPy's: \(Self.excerpt(start[(8 + lengthSize)..<end]))")
    }
    let values = Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value) })
    element = try NumPyElement(values["descr"]!)
    guard case .boolean(let isFortran)? = values["fortran_order"] else {
      throw NumPyError("has a header whose fortran_order is neither True nor False")
    }
    order = isFortran ? .fortran : .c
    shape = try Self.shape(values["shape"]!)
  }

  /// The header of an array, padded so that the elements begin at a multiple of 64 bytes, as NumPy's do.
  static func encoded(descr: String, shape: [Int], order: NumPyArray.Order) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text =
      "{'descr': '\(descr)', 'fortran_order': \(order == .fortran ? "True" : "False"), 'shape': (\(sizes)), }"
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }

  private static func shape(_ value: PythonLiteral.Value) throws(NumPyError) -> [Int] {
    guard case .tuple(let sizes) = value else { throw NumPyError("has a header whose shape is no tuple") }
    var shape: [Int] = []
    for size in sizes {
      guard case .integer(let number) = size else {
        throw NumPyError("has a header whose shape has something in it that is no whole number")
      }
      shape.append(number)
    }
    if let problem = Shape.problem(with: shape) { throw NumPyError("has an impossible shape: \(problem)") }
    return shape
  }

  /// The beginning of a header, for a message.
  private static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    let shown = bytes.prefix(60).map { (0x20..<0x7F).contains($0) ? Character(UnicodeScalar($0)) : "?" }
    return String(shown) + (bytes.count > 60 ? "…" : "")
  }
}
