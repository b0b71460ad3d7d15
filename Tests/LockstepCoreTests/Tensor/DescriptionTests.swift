import LockstepCore
import Testing

@Suite("Printing a tensor")
struct DescriptionTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let dtype: String
    let shape: [Int]
    let data: [GoldenNumber]
    let text: String

    var testDescription: String { "\(dtype) \(shape) \(text.prefix(40))" }

    func tensor(on device: Device) throws -> Tensor {
      let shape = Shape(shape)
      func make<Element: TensorElement>(_ element: (GoldenNumber) -> Element) -> Tensor {
        Tensor(data.map(element), shape: shape, on: device)
      }
      return switch try #require(DType.allCases.first { $0.description == dtype }) {
      case .float32: make { Float($0.double) }
      case .float64: make { $0.double }
      case .int64: make { $0.integer }
      case .int32: make { Int32($0.integer) }
      case .uint8: make { UInt8($0.integer) }
      case .bool: make { $0.integer != 0 }
      }
    }
  }

  @Test("is what NumPy prints")
  func matchesNumPy() throws {
    let cases: [Case] = try Golden.load("numpy-print")
    #expect(cases.count > 150)
    for golden in cases {
      let tensor = try golden.tensor(on: Device(MemoryBackend()))
      #expect(tensor.description == golden.text, "\(golden.testDescription)")
    }
  }

  @Test("rounds what lies in the middle to even, as NumPy does")
  func ties() {
    let device = Device(MemoryBackend())
    #expect(Tensor([0.001953125, 0.005859375], on: device).description == "[0.00195312 0.00585938]")
    #expect(
      Tensor([1.005859375e10, 1.001953125e10], on: device).description == "[1.00585938e+10 1.00195312e+10]")
  }

  @Test("says how the device failed, where it did")
  func failedDevice() {
    let device = Device(MemoryBackend(failure: .outOfMemory(byteCount: 4096)))
    let text = Tensor([1, 2] as [Float], on: device).description
    #expect(text.contains("float32 [2]"))
    #expect(text.contains("out of memory: 4096 bytes"))
  }
}
