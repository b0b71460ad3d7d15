import LockstepCore
import Testing

@Suite("Element types")
struct ElementTypeTests {
  @Test("have the raw values of the kernel interface")
  func rawValues() {
    #expect(DType.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
    #expect(DType.allCases.map(\.description) == ["float32", "float64", "int64", "int32", "uint8", "bool"])
  }

  @Test("have the sizes of the Swift types that fill them")
  func sizes() {
    func check<Element: TensorElement>(_ type: Element.Type, _ dtype: DType) {
      #expect(Element.dtype == dtype)
      #expect(dtype.byteCount == MemoryLayout<Element>.stride)
    }
    check(Float.self, .float32)
    check(Double.self, .float64)
    check(Int64.self, .int64)
    check(Int.self, .int64)
    check(Int32.self, .int32)
    check(UInt8.self, .uint8)
    check(Bool.self, .bool)
  }

  @Test("fall into floating point, integers and bool")
  func kinds() {
    #expect(DType.allCases.filter(\.isFloatingPoint) == [.float32, .float64])
    #expect(DType.allCases.filter(\.isInteger) == [.int64, .int32, .uint8])
    #expect(DType.allCases.filter { !$0.isNumeric } == [.bool])
  }

  @Test(
    "hold exactly the scalars of their kind and range",
    arguments: [
      (.integer(255), [.float32, .float64, .int64, .int32, .uint8]),
      (.integer(256), [.float32, .float64, .int64, .int32]),
      (.integer(-1), [.float32, .float64, .int64, .int32]),
      (.integer(1 << 31), [.float32, .float64, .int64]),
      (.integer(1), DType.allCases),
      (.real(1), DType.allCases),
      (.real(0.5), [.float32, .float64]),
      (.real(-0.0), DType.allCases),
      (.real(.nan), [.float32, .float64]),
      (.real(.infinity), [.float32, .float64]),
      (.real(0x1p63), [.float32, .float64]),
      (.real(-0x1p63), [.float32, .float64, .int64]),
    ] as [(Scalar, [DType])])
  func fits(_ scalar: Scalar, _ dtypes: [DType]) {
    #expect(DType.allCases.filter { scalar.fits($0) } == dtypes)
  }
}
