public import LockstepCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Named tensors as a safetensors file: eight bytes of header length, a JSON header, the elements.
///
/// The bytes are a pure function of names, dtypes, shapes and elements, so the SHA-256 of a file identifies the
/// weights in it. Format: https://github.com/huggingface/safetensors.
public enum Safetensors {
  /// A tensor in host memory.
  public struct Entry: Hashable, Sendable {
    /// The name, such as `layers.0.weight`.
    public let name: String
    /// Shape and dtype.
    public let spec: TensorSpec
    /// The elements, row-major, least significant byte first.
    public let bytes: [UInt8]

    /// Creates an entry; traps if the bytes don't fill the shape.
    public init(name: String, spec: TensorSpec, bytes: [UInt8]) {
      trap(unless: bytes.count == spec.byteCount, "\(name): \(bytes.count) bytes do not fill \(spec)")
      self.name = name
      self.spec = spec
      self.bytes = bytes
    }

    /// Downloads a tensor.
    public init(name: String, _ tensor: Tensor) throws(BackendError) {
      self.init(name: name, spec: tensor.spec, bytes: try tensor.bytes())
    }

    /// Uploads the elements to a device.
    public func tensor(on device: Device) -> Tensor {
      bytes.withUnsafeBytes { Tensor(bytes: $0, spec: spec, on: device) }
    }
  }

  /// Headers over this size are refused; a real one has about 100 bytes a tensor.
  static let headerLimit = 16 << 20

  /// The header's key for free-form text.
  private static let metadataKey = "__metadata__"

  /// The file's bytes, entries in the order given. Traps if a name occurs twice or is `__metadata__`.
  ///
  /// - Parameter metadata: free-form text; PyTorch's libraries want `format` to be `pt`.
  public static func encode(_ entries: [Entry], metadata: [String: String] = [:]) -> [UInt8] {
    trap(unless: Set(entries.map(\.name)).count == entries.count, "a tensor name occurs twice")
    trap(unless: !entries.contains { $0.name == metadataKey }, "\(metadataKey) is no name for a tensor")
    var offset = 0
    let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
    let free = texts.isEmpty ? [] : ["\"\(metadataKey)\":{\(texts.joined(separator: ","))}"]
    let fields =
      free
      + entries.map { entry in
        defer { offset += entry.bytes.count }
        let shape = entry.spec.shape.dimensions.map(String.init).joined(separator: ",")
        return quoted(entry.name)
          + ":{\"dtype\":\"\(code(of: entry.spec.dtype))\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + entry.bytes.count)]}"
      }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    // Readers that map the file want the elements aligned to eight bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return entries.reduce(into: length + header) { $0 += $1.bytes }
  }

  /// The tensors of a file, in the order of their elements. Those of `float16` and `bfloat16` become `float32`,
  /// which holds all their values.
  ///
  /// - Throws: ``SafetensorsError`` if the bytes are not a well-formed file: every length, offset and shape is
  ///   checked before it is used.
  public static func decode(_ bytes: [UInt8]) throws(SafetensorsError) -> [Entry] {
    let (header, start) = try header(of: bytes)
    var end = 0
    var entries: [Entry] = []
    // A tensor without elements ends where it starts, so it comes before the one that starts there too.
    for (name, field) in header.sorted(by: { ($0.value.offsets, $0.key) < ($1.value.offsets, $1.key) }) {
      guard case .tensor(let description) = field else { continue }
      let (spec, isHalf, range) = try layout(name, description, fileSize: bytes.count - start)
      guard range.lowerBound == end else {
        throw SafetensorsError("tensor \(name) starts at \(range.lowerBound), the one before ends at \(end)")
      }
      end = range.upperBound
      let slice = bytes[(start + range.lowerBound)..<(start + range.upperBound)]
      // Swift has no Bool but 0 and 1: reading another byte as one is undefined.
      guard spec.dtype != .bool || slice.allSatisfy({ $0 <= 1 }) else {
        throw SafetensorsError("tensor \(name) is of bool and holds bytes that are neither 0 nor 1")
      }
      let elements = isHalf ? HalfPrecision.widened(slice, isBrain: description.isBrain) : Array(slice)
      entries.append(Entry(name: name, spec: spec, bytes: elements))
    }
    guard end == bytes.count - start else {
      throw SafetensorsError("\(bytes.count - start - end) bytes at the end belong to no tensor")
    }
    return entries
  }

  /// A file's free-form text, which no tensor depends on.
  ///
  /// - Throws: ``SafetensorsError`` if there is no sound header.
  public static func metadata(of bytes: [UInt8]) throws(SafetensorsError) -> [String: String] {
    guard case .metadata(let texts)? = try header(of: bytes).fields[metadataKey] else { return [:] }
    return texts
  }

  /// The header's fields, and where the elements begin.
  private static func header(
    of bytes: [UInt8]
  ) throws(SafetensorsError) -> (fields: [String: Field], start: Int) {
    guard bytes.count >= 8 else { throw SafetensorsError("it has \(bytes.count) bytes, fewer than a header") }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= headerLimit, length <= bytes.count - 8 else {
      throw SafetensorsError("the header is said to have \(length) bytes, the file has \(bytes.count)")
    }
    let start = 8 + Int(length)
    let header: [String: Field]
    do {
      header = try JSONDecoder().decode([String: Field].self, from: Data(bytes[8..<start]))
    } catch {
      throw SafetensorsError("the header is not the JSON of a safetensors file")
    }
    // A decoder takes one of two equal keys, and says nothing.
    guard header.count == topLevelKeyCount(bytes[8..<start]) else {
      throw SafetensorsError("the header names a tensor twice")
    }
    return (header, start)
  }

  /// How many keys the object that a JSON text is has itself: the colons that are in no text and no inner object.
  private static func topLevelKeyCount(_ json: ArraySlice<UInt8>) -> Int {
    var (count, depth, isText, isEscaped) = (0, 0, false, false)
    for byte in json {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else {
          isText = byte != UInt8(ascii: "\"")
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1: count += 1
      default: break
      }
    }
    return count
  }

  /// A value of the header: a tensor's description, or the free-form `__metadata__`.
  private enum Field: Decodable {
    struct Description: Decodable {
      let dtype: String
      let shape: [Int]
      let data_offsets: [Int]

      var isBrain: Bool { dtype == "BF16" }
      var isHalf: Bool { isBrain || dtype == "F16" }
    }

    case tensor(Description)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == Safetensors.metadataKey {
        // What is no text is nobody's: the format has texts alone.
        self = .metadata((try? [String: String](from: decoder)) ?? [:])
      } else {
        self = .tensor(try Description(from: decoder))
      }
    }

    var offsets: Offsets {
      guard case .tensor(let description) = self else { return Offsets(first: 0, last: 0) }
      return Offsets(first: description.data_offsets.first ?? 0, last: description.data_offsets.last ?? 0)
    }
  }

  private struct Offsets: Comparable {
    let first: Int
    let last: Int

    static func < (lhs: Offsets, rhs: Offsets) -> Bool { (lhs.first, lhs.last) < (rhs.first, rhs.last) }
  }

  private static func layout(
    _ name: String, _ field: Field.Description, fileSize: Int
  ) throws(SafetensorsError) -> (spec: TensorSpec, isHalf: Bool, range: Range<Int>) {
    let known = field.isHalf ? .float32 : DType.allCases.first { code(of: $0) == field.dtype }
    guard let dtype = known else {
      throw SafetensorsError("tensor \(name) has the dtype \(field.dtype), which Lockstep has not")
    }
    guard Shape.problem(with: field.shape) == nil else {
      throw SafetensorsError("tensor \(name) has the impossible shape \(field.shape)")
    }
    let spec = TensorSpec(Shape(field.shape), dtype)
    let offsets = field.data_offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= fileSize,
      offsets[1] - offsets[0] == (field.isHalf ? spec.byteCount / 2 : spec.byteCount)
    else {
      let kind = field.isHalf ? "\(field.dtype) \(spec.shape)" : "\(spec)"
      throw SafetensorsError("tensor \(name), \(kind), is said to lie at \(offsets) of \(fileSize) bytes")
    }
    return (spec, field.isHalf, offsets[0]..<offsets[1])
  }

  private static func code(of dtype: DType) -> String {
    switch dtype {
    case .float32: "F32"
    case .float64: "F64"
    case .int64: "I64"
    case .int32: "I32"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  private static func quoted(_ name: String) -> String {
    let escaped = name.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case _ where scalar.value < 0x20:
        "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

/// What is wrong with the bytes of a safetensors file.
public struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problem, without the file's name.
  public let description: String

  init(_ problem: String) { description = problem }
}
