import Lockstep
@testable import LockstepComparison
import Testing

@Suite("Conversions")
struct ConversionTests {
  static let devices: [(String, @Sendable () throws -> Device)] = [
    ("native", { Device(try NativeBackend(threads: 1)) }),
    ("reference", { Device(ReferenceBackend()) }),
    ("control", { Device(try EmulatedBackend(translator: .none, threads: 1)) }),
  ]

  @Test("every type becomes every other as it is defined, and int64 + 1 is int64", arguments: devices)
  func asDefined(name: String, makeDevice: @Sendable () throws -> Device) throws {
    let (row, trips) = try ConversionExperiment.convert(on: try makeDevice(), engine: name)
    #expect(row.wrong.isEmpty)
    #expect(row.isSumRight)
    #expect(trips.count == 36)
    #expect(row.checked == trips.reduce(0) { $0 + $1.count })
  }

  @Test("conversions that wrap around instead of saturating are found")
  func fault() throws {
    let backend = FaultInjectingBackend(ReferenceBackend(), .truncatingConversion, probability: 1)
    let (row, _) = try ConversionExperiment.convert(on: Device(backend), engine: "faulty")
    #expect(row.wrong.contains { $0.hasPrefix("float32 3000000000.0 → int32") })
    #expect(row.wrong.allSatisfy { $0.contains(", not ") })
  }

  /// By the types themselves: a double holds every int32, and no more than 2⁵³ of the int64 in a row.
  @Test("what comes back is what the other type can hold")
  func roundTrips() throws {
    let (_, trips) = try ConversionExperiment.convert(on: Device(ReferenceBackend()), engine: "reference")
    func trip(_ from: String, _ through: String) throws -> ConversionFindings.RoundTrip {
      try #require(trips.first { $0.from == from && $0.through == through })
    }
    for type in ["float32", "float64", "int64", "int32", "uint8", "bool"] {
      let own = try trip(type, type)
      #expect(own.returned == own.count, "\(type)")
    }
    let held = try trip("int32", "float64")
    #expect(held.returned == held.count)
    let lost = try trip("int64", "float64")
    #expect(lost.returned < lost.count)
  }

  /// 2⁵³ + 1 as a float is 2⁵³; 3·10⁹ is beyond int32; −1 has 255 as its low byte.
  @Test("the definition, by hand")
  func definition() {
    func convert(_ number: EdgeNumber, _ from: DType, _ to: DType) -> EdgeNumber {
      number.converted(from: from, to: to)
    }
    #expect(convert(.integer(1 << 53 + 1), .int64, .float32) == .real(0x1p53))
    #expect(convert(.real(3e9), .float64, .int32) == .integer(2_147_483_647))
    #expect(convert(.real(-3e9), .float64, .int32) == .integer(-2_147_483_648))
    #expect(convert(.real(-1.75), .float64, .uint8) == .integer(0))
    #expect(convert(.real(-1.75), .float64, .int64) == .integer(-1))
    #expect(convert(.real(.nan), .float64, .int64) == .integer(0))
    #expect(convert(.real(.nan), .float64, .bool) == .integer(1))
    #expect(convert(.real(.infinity), .float64, .int64) == .integer(.max))
    #expect(convert(.integer(-1), .int64, .uint8) == .integer(255))
    #expect(convert(.integer(3_000_000_000), .int64, .int32) == .integer(-1_294_967_296))
  }
}
