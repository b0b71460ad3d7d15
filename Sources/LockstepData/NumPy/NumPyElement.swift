import LockstepCore

/// What an array's elements are, as the header's `descr` says: byte order, kind and size, such as `<f4`.
enum NumPyElement: Equatable {
  /// Numbers of a dtype of ours.
  case number(DType, isBigEndian: Bool)
  /// Texts of at most `length` Unicode scalars, four bytes each, the unused ones 0.
  case text(length: Int, isBigEndian: Bool)

  /// Reads a `descr`. The problem that is thrown reads on from the file's name.
  init(_ value: PythonLiteral.Value) throws(NumPyError) {
    guard case .text(let descr) = value else {
      throw NumPyError("holds records of several fields; save each field as an array of its own")
    }
    let order = descr.first ?? " "
    let code = String(descr.dropFirst())
    guard "<>|=".contains(order), !code.isEmpty else { throw NumPyError("has the unknown dtype '\(descr)'") }
    let isBigEndian = order == ">"
    if let dtype = DType.allCases.first(where: { Self.code(of: $0) == code }) {
      self = .number(dtype, isBigEndian: isBigEndian)
    } else if code.hasPrefix("U"), let length = Int(code.dropFirst()), (1...1 << 20).contains(length) {
      self = .text(length: length, isBigEndian: isBigEndian)
    } else {
      throw NumPyError(Self.refusal(descr, code))
    }
  }

  /// Bytes an element occupies.
  var byteCount: Int {
    switch self {
    case .number(let dtype, _): dtype.byteCount
    case .text(let length, _): 4 * length
    }
  }

  /// The `descr` that NumPy gives a dtype.
  static func descr(of dtype: DType) -> String { (dtype.byteCount == 1 ? "|" : "<") + code(of: dtype) }

  private static func code(of dtype: DType) -> String {
    switch dtype {
    case .float32: "f4"
    case .float64: "f8"
    case .int64: "i8"
    case .int32: "i4"
    case .uint8: "u1"
    case .bool: "b1"
    }
  }

  private static func refusal(_ descr: String, _ code: String) -> String {
    switch code.first {
    case "O":
      return "holds pickled Python objects, which may run any program and are never loaded; "
        + "save plain numbers, such as array.astype(np.float32)"
    case "f", "i", "u":
      let other = code == "f2" || code == "f16" ? "float32" : "int64"
      return "has the dtype '\(descr)', which Lockstep has not; convert it with array.astype(np.\(other))"
    default:
      return "has the dtype '\(descr)', which Lockstep has not; it takes "
        + DType.allCases.map(\.description).joined(separator: ", ")
    }
  }
}
