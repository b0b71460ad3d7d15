import Lockstep
import Testing

@Suite("Safetensors: files that are wrong")
struct MalformedSafetensorsTests {
  /// A file with a header as given, of the length given or the true one, and so many bytes of elements.
  private static func file(_ header: String, length: UInt64? = nil, elements: Int = 0) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return withUnsafeBytes(of: length.littleEndian, Array.init) + Array(header.utf8)
      + [UInt8](repeating: 0, count: elements)
  }

  private static func problem(_ bytes: [UInt8]) -> String? {
    do {
      _ = try Safetensors.decode(bytes)
      return nil
    } catch {
      return error.description
    }
  }

  /// A header of one tensor.
  private static func one(_ shape: String, _ offsets: String, dtype: String = "F32") -> String {
    #"{"t":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  @Test("a file cut off after any number of bytes is refused")
  func truncation() {
    let whole = Safetensors.encode(SafetensorsTests.golden.entries)
    for count in 0..<whole.count {
      #expect(Self.problem(Array(whole.prefix(count))) != nil, "\(count) bytes")
    }
    #expect(Self.problem(whole) == nil)
  }

  @Test("bytes behind the last tensor are refused")
  func trailingBytes() {
    let whole = Safetensors.encode(SafetensorsTests.golden.entries)
    #expect(Self.problem(whole + [0]) == "1 bytes at the end belong to no tensor")
  }

  @Test(
    "a lying header length is refused",
    arguments: [3, 1 << 40, .max, UInt64(Int.max), 16 << 20 + 1] as [UInt64])
  func headerLength(length: UInt64) {
    #expect(
      Self.problem(Self.file("{}", length: length))
        == "the header is said to have \(length) bytes, the file has 10")
  }

  @Test("a header over the limit is refused though the file has it")
  func hugeHeader() {
    let header = "{" + String(repeating: " ", count: 16 << 20) + "}"
    #expect(Self.problem(Self.file(header))?.hasPrefix("the header is said to have 16777218 bytes") == true)
  }

  @Test(
    "what is not the JSON of a header is refused",
    arguments: [
      "", "{", "[]", "null", "7", #"{"t":7}"#, #"{"t":{"shape":[],"data_offsets":[0,4]}}"#,
      #"{"t":{"dtype":"F32","data_offsets":[0,4]}}"#, #"{"t":{"dtype":"F32","shape":[]}}"#,
      #"{"t":{"dtype":32,"shape":[],"data_offsets":[0,4]}}"#,
      #"{"t":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#,
      #"{"t":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "\u{FFFD}",
    ])
  func notJSON(header: String) {
    #expect(
      Self.problem(Self.file(header, elements: 4)) == "the header is not the JSON of a safetensors file")
  }

  @Test("JSON nested deeper than any header is refused and does not overflow the stack")
  func nesting() {
    let header = #"{"__metadata__":"# + String(repeating: "[", count: 200_000)
    #expect(Self.problem(Self.file(header)) != nil)
  }

  @Test(
    "shapes that can't be are refused",
    arguments: [
      "[-1]", "[9223372036854775807]", "[4294967296,4294967296,4294967296]", "[1,1,1,1,1,1,1,1,1]",
      "[9223372036854775807,2]", "[4611686018427387904,0]",
    ])
  func shapes(shape: String) {
    let problem = Self.problem(Self.file(Self.one(shape, "[0,4]"), elements: 4))
    #expect(problem?.hasPrefix("tensor t has the impossible shape [") == true, "\(problem ?? "accepted")")
  }

  @Test(
    "places outside of the file, or not of the tensor's size, are refused",
    arguments: [
      "[0,5]", "[0,8]", "[-4,0]", "[4,0]", "[0]", "[]", "[0,2,4]", "[0,3]", "[9223372036854775807,0]",
    ])
  func offsets(offsets: String) {
    let problem = Self.problem(Self.file(Self.one("[1]", offsets), elements: 4))
    #expect(
      problem?.hasPrefix("tensor t, float32 [1], is said to lie at [") == true, "\(problem ?? "accepted")")
  }

  @Test("overlapping tensors and gaps between them are refused")
  func overlaps() {
    func two(_ first: String, _ second: String) -> String {
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":\#(first)},"#
        + #""b":{"dtype":"U8","shape":[4],"data_offsets":\#(second)}}"#
    }
    #expect(Self.problem(Self.file(two("[0,4]", "[4,8]"), elements: 8)) == nil)
    #expect(
      Self.problem(Self.file(two("[0,4]", "[2,6]"), elements: 6))
        == "tensor b starts at 2, the one before ends at 4")
    #expect(
      Self.problem(Self.file(two("[0,4]", "[0,4]"), elements: 4))
        == "tensor b starts at 0, the one before ends at 4")
    #expect(
      Self.problem(Self.file(two("[0,4]", "[5,9]"), elements: 9))
        == "tensor b starts at 5, the one before ends at 4")
    #expect(
      Self.problem(Self.file(two("[1,5]", "[5,9]"), elements: 9))
        == "tensor a starts at 1, the one before ends at 0")
  }

  @Test("a dtype Lockstep has not is named", arguments: ["F8_E5M2", "U64", "f32", "", "F8_E4M3"])
  func dtype(name: String) {
    #expect(
      Self.problem(Self.file(Self.one("[1]", "[0,4]", dtype: name), elements: 4))
        == "tensor t has the dtype \(name), which Lockstep has not")
  }

  @Test(
    "a name twice is refused, however it is spelled",
    arguments: [#""t""#, #""\u0074""#])
  func duplicates(key: String) {
    let tensor = #"{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#
    #expect(
      Self.problem(Self.file(#"{"t":\#(tensor),\#(key):\#(tensor)}"#, elements: 4))
        == "the header names a tensor twice")
  }

  @Test("sixteen-bit numbers that don't fill their place are refused", arguments: ["F16", "BF16"])
  func halves(dtype: String) {
    #expect(
      Self.problem(Self.file(Self.one("[2]", "[0,8]", dtype: dtype), elements: 8))
        == "tensor t, \(dtype) [2], is said to lie at [0, 8] of 8 bytes")
  }

  @Test("a bool that is neither 0 nor 1 is refused")
  func bool() {
    let header = Self.one("[2]", "[0,2]", dtype: "BOOL")
    #expect(Self.problem(Self.file(header) + [0, 1]) == nil)
    #expect(Self.problem(Self.file(header) + [1, 2])?.contains("neither 0 nor 1") == true)
  }

  @Test("a tensor is refused whose other dimensions have too many elements, though it is empty")
  func emptyHuge() {
    let header = Self.one("[0,1099511627776,1099511627776]", "[0,0]")
    #expect(Self.problem(Self.file(header))?.hasPrefix("tensor t has the impossible shape") == true)
  }

  @Test("metadata is passed over, whatever is in it")
  func metadata() {
    #expect(Self.problem(Self.file(#"{"__metadata__":{"format":"pt","n":[1,{"x":null}]}}"#)) == nil)
  }

  @Test("a file with any byte changed is read or refused, never a crash")
  func mutations() {
    let whole = Safetensors.encode(SafetensorsTests.golden.entries)
    var random = RandomStream(seed: 3, purpose: .shuffle, index: 0)
    for position in whole.indices {
      var bytes = whole
      bytes[position] = UInt8(random.next(below: 256))
      _ = Self.problem(bytes)
    }
  }

  @Test("random bytes are refused")
  func randomBytes() {
    var random = RandomStream(seed: 4, purpose: .shuffle, index: 0)
    for _ in 0..<2000 {
      let count = random.next(below: 64)
      // A small length, so that the header itself is looked at, too.
      let bytes =
        [UInt8(random.next(below: 32)), 0, 0, 0, 0, 0, 0, 0]
        + (0..<count).map { _ in UInt8(random.next(below: 256)) }
      #expect(Self.problem(bytes) != nil)
    }
  }
}
