import Foundation
import Lockstep
import LockstepData
import Testing

@Suite("Safetensors: writing and reading back")
struct SafetensorsTests {
  /// What `scripts/goldens/make_safetensors.py` knows of the tensors.
  struct Golden: Decodable {
    struct Tensor: Decodable {
      let name: String
      let dtype: String
      let shape: [Int]
      let bytes: String
    }

    let tensors: [Tensor]
    let sha256: String

    var entries: [Safetensors.Entry] {
      tensors.map { tensor in
        let digits = Array(tensor.bytes)
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
          UInt8(String(digits[$0...$0 + 1]), radix: 16)!
        }
        let dtype = DType.allCases.first { "\($0)" == tensor.dtype }!
        return .init(name: tensor.name, spec: TensorSpec(Shape(tensor.shape), dtype), bytes: bytes)
      }
    }
  }

  static let goldens = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens")
  static let golden = try! JSONDecoder().decode(
    Golden.self, from: Data(contentsOf: goldens.appending(path: "safetensors.json")))

  @Test("the golden has every dtype, a scalar and an empty tensor")
  func coverage() {
    let specs = Self.golden.entries.map(\.spec)
    #expect(Set(specs.map(\.dtype)) == Set(DType.allCases))
    #expect(specs.contains { $0.shape.rank == 0 })
    #expect(specs.contains { $0.shape.count == 0 })
  }

  @Test("a file of Python's safetensors package reads as the tensors it was made of")
  func readsPython() throws {
    let file = contents(of: Self.goldens.appending(path: "python.safetensors").path)
    #expect(Set(try Safetensors.decode(file)) == Set(Self.golden.entries))
  }

  @Test("what is written is byte for byte what Python, from the format alone, says it must be")
  func writesForPython() {
    #expect("\(SHA256Digest(of: Safetensors.encode(Self.golden.entries)))" == Self.golden.sha256)
  }

  @Test("every dtype, scalars and empty tensors come back as they were, in order")
  func roundTrip() throws {
    #expect(try Safetensors.decode(Safetensors.encode(Self.golden.entries)) == Self.golden.entries)
  }

  @Test("an empty tensor keeps its place, whatever it is called", arguments: ["a", "z"])
  func emptyTensors(name: String) throws {
    let empty = Safetensors.Entry(name: name, spec: TensorSpec([0], .float32), bytes: [])
    let full = Safetensors.Entry(name: "m", spec: TensorSpec([1], .uint8), bytes: [7])
    for entries in [[empty, full], [full, empty], [empty], []] {
      #expect(try Safetensors.decode(Safetensors.encode(entries)) == entries)
    }
  }

  @Test("elements begin at a multiple of eight bytes")
  func alignment() {
    for length in 1...9 {
      let name = String(repeating: "n", count: length)
      let file = Safetensors.encode([.init(name: name, spec: TensorSpec([1], .uint8), bytes: [1])])
      #expect((file.count - 1) % 8 == 0)
    }
  }

  @Test("a tensor goes to a file and back through a device", arguments: TestBackend.allCases)
  func device(backend: TestBackend) throws {
    let device = try backend.makeDevice()
    for entry in Self.golden.entries {
      #expect(try Safetensors.Entry(name: entry.name, entry.tensor(on: device)) == entry)
    }
  }

  @Test("the same name twice traps")
  func duplicateNames() async {
    await #expect(processExitsWith: .failure) {
      let entry = Safetensors.Entry(name: "a", spec: TensorSpec([], .uint8), bytes: [0])
      _ = Safetensors.encode([entry, entry])
    }
  }

  /// The values are those that IEEE 754 and bfloat16's definition give the bits.
  @Test("sixteen-bit numbers are read as the float32 of the same value")
  func halves() throws {
    func values(_ words: [UInt16], _ dtype: String) throws -> [Float] {
      let header =
        #"{"t":{"dtype":"\#(dtype)","shape":[\#(words.count)],"data_offsets":[0,\#(2 * words.count)]}}"#
      let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
      let elements = words.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
      let entry = try #require(try Safetensors.decode(length + Array(header.utf8) + elements).first)
      #expect(entry.spec == TensorSpec([words.count], .float32))
      return try entry.tensor(on: Device(ReferenceBackend())).scalars(as: Float.self)
    }
    let halves: [UInt16] = [0x3C00, 0xC100, 0x7BFF, 0x0400, 0x03FF, 0x8001, 0x7C00, 0xFC00, 0x3555]
    #expect(
      try values(halves, "F16") == [
        1, -2.5, 65504, 0x1p-14, 0x1.FF8p-15, -0x1p-24, .infinity, -.infinity, 0x1.554p-2,
      ])
    #expect(try values([0x7E00], "F16")[0].isNaN)
    #expect(try values([0x8000], "F16")[0].sign == .minus)
    #expect(
      try values([0x3F80, 0xC020, 0x7F7F, 0x0001, 0xFF80], "BF16") == [
        1, -2.5, 0x1.FEp127, 0x1p-133, -.infinity,
      ])
  }

  @Test("free-form text is kept, and no tensor")
  func metadata() throws {
    let file = Safetensors.encode(Self.golden.entries, metadata: ["format": "pt", "b": "\"ü\n"])
    #expect(try Safetensors.metadata(of: file) == ["format": "pt", "b": "\"ü\n"])
    #expect(try Safetensors.decode(file) == Self.golden.entries)
    #expect(try Safetensors.metadata(of: Safetensors.encode([])) == [:])
  }
}
