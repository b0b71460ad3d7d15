import LockstepCore
import LockstepData
import Testing

@Suite("Files of .npy: what is refused")
struct MalformedNumPyTests {
  @Test(
    "what NumPy can save and Lockstep has not is refused with a way out", arguments: NumPyGoldens.all.refused)
  func refused(golden: NumPyGoldens.File) throws {
    let messages = [
      "objects": "holds pickled Python objects, which may run any program and are never loaded; "
        + "save plain numbers, such as array.astype(np.float32)",
      "records": "holds records of several fields; save each field as an array of its own",
      "float16": "has the dtype '<f2', which Lockstep has not; convert it with array.astype(np.float32)",
      "int16": "has the dtype '<i2', which Lockstep has not; convert it with array.astype(np.int64)",
      "uint64": "has the dtype '<u8', which Lockstep has not; convert it with array.astype(np.int64)",
      "complex64":
        "has the dtype '<c8', which Lockstep has not; it takes float32, float64, int64, int32, uint8, bool",
      "U3": "holds texts, not numbers",
      "datetime64[s]":
        "has the dtype '<M8[s]', which Lockstep has not; it takes float32, float64, int64, int32, uint8, bool",
    ]
    let message = try #require(messages[golden.name])
    let error = #expect(throws: NumPyError.self) { try NumPyArray(fileContents: bytes(ofHex: golden.file)) }
    #expect(error?.description == message)
  }

  /// A file with a header of one's own, and elements.
  private static func file(_ header: String, _ elements: [UInt8] = [], version: [UInt8] = [1, 0]) -> [UInt8] {
    let length = header.utf8.count
    let size =
      version[0] == 1
      ? [UInt8(length & 255), UInt8(length >> 8)] : [UInt8(length & 255), UInt8(length >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + version + size + Array(header.utf8) + elements
  }

  private static func numbers(_ shape: String, _ elements: [UInt8] = []) -> [UInt8] {
    file("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }", elements)
  }

  static let bad: [(what: String, file: [UInt8], message: String)] = [
    ("an empty file", [], "is no .npy file: it does not begin with \\x93NUMPY"),
    ("a file cut off in its beginning", Array(NumPyGoldens.float32.prefix(7)), "is cut off after 7 bytes"),
    ("a file cut off in its header", Array(NumPyGoldens.float32.prefix(60)), "is cut off in its header"),
    (
      "a file cut off in its elements", NumPyGoldens.float32.dropLast(),
      "is cut off: its header promises [2, 3] elements, 23 bytes are there"
    ),
    ("bytes behind the elements", NumPyGoldens.float32 + [0], "has 1 bytes behind its elements"),
    (
      "a version to come", file("{}", version: [4, 0]),
      "is of version 4.0 of the .npy format; 1.0 to 3.0 are known"
    ),
    (
      "a huge header", file(String(repeating: " ", count: 20_000), version: [2, 0]),
      "is said to have a header of 20000 bytes; up to 10000 are read"
    ),
    ("a header of nothing", file(""), "has a header that is not NumPy's: "),
    (
      "a header that is no literal", file("__import__('os')"),
      "has a header that is not NumPy's: __import__('os')"
    ),
    ("a missing key", file("{'descr': '<f4'}"), "has a header that is not NumPy's: {'descr': '<f4'}"),
    (
      "a key twice", file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}"),
      "has a header that is not NumPy's: {'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'sh…"
    ),
    (
      "something behind the dictionary", file("{'descr': '<f4', 'fortran_order': False, 'shape': ()} 1"),
      "has a header that is not NumPy's: {'descr': '<f4', 'fortran_order': False, 'shape': ()} 1"
    ),
    (
      "a shape that is a number", numbers("3"), "has a header whose shape is no tuple"
    ),
    (
      "a shape of texts", numbers("('3',)"),
      "has a header whose shape has something in it that is no whole number"
    ),
    ("a negative size", numbers("(-1,)"), "has an impossible shape: a dimension can't be negative: [-1]"),
    (
      "more elements than an address space holds", numbers("(4294967296, 4294967296)"),
      "has an impossible shape: no memory holds so many elements: [4294967296, 4294967296]"
    ),
    (
      "more elements than the file", numbers("(1000000000,)"),
      "is cut off: its header promises [1000000000] elements, 0 bytes are there"
    ),
    (
      "nine dimensions", numbers("(1, 1, 1, 1, 1, 1, 1, 1, 1)", [0, 0, 0, 0]),
      "has an impossible shape: a tensor has at most 8 dimensions: [1, 1, 1, 1, 1, 1, 1, 1, 1]"
    ),
    (
      "an order that is a number", file("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}"),
      "has a header whose fortran_order is neither True nor False"
    ),
    (
      "an unknown dtype", file("{'descr': 'f', 'fortran_order': False, 'shape': ()}"),
      "has the unknown dtype 'f'"
    ),
    (
      "a bool of 2", file("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", [2]),
      "is of bool and holds bytes that are neither 0 nor 1"
    ),
    (
      "brackets without end", file(String(repeating: "(", count: 9000)),
      "has a header that is not NumPy's: " + String(repeating: "(", count: 60) + "…"
    ),
  ]

  @Test("each mistake is told apart", arguments: bad.map(\.what))
  func malformed(what: String) throws {
    let (_, file, message) = try #require(Self.bad.first { $0.what == what })
    let error = #expect(throws: NumPyError.self) { try NumPyArray(fileContents: file) }
    #expect(error?.description == message)
  }

  @Test("no beginning of a file is taken for one")
  func prefixes() {
    let file = NumPyGoldens.float32
    for length in file.indices {
      #expect(throws: NumPyError.self) { try NumPyArray(fileContents: Array(file.prefix(length))) }
    }
  }

  @Test("spaces, double quotes, Python 2's long numbers and missing commas are read as Python reads them")
  func dialects() throws {
    let header = "  {\"descr\" : \"<i4\",\n'shape': ( 1L , 2 ),'fortran_order':True}"
    let array = try NumPyArray(fileContents: Self.file(header, [1, 0, 0, 0, 2, 0, 0, 0]))
    #expect(array == NumPyArray([1, 2] as [Int32], shape: [1, 2]))
  }
}
