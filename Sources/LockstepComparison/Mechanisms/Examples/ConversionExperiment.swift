import LockstepCore
import LockstepTraining

/// Converts numbers at the edges of every type to every type and back, and holds the results against what
/// ``/LockstepCore/Tensor/asType(_:file:line:)`` documents; and adds 1 to an int64 tensor.
public struct ConversionExperiment: MechanismExperiment {
  /// Its name, as evidence in the table of mechanisms.
  public static let name = "conversions"

  /// Creates an experiment.
  public init() {}

  /// Converts on every engine.
  public func run(on bench: MechanismBench, until deadline: Deadline) throws -> ConversionFindings {
    var findings = ConversionFindings(rows: [], roundTrips: [], omissions: [])
    for engine in bench.engines {
      guard !deadline.hasPassed else {
        findings.omissions.append(Omission(engine.name, reason: "there was no time left"))
        continue
      }
      bench.report(engine.name)
      let found = try bench.workbench.attempt(engine) { try Self.convert(on: $0, engine: engine.name) }
      if let found {
        findings.rows.append(found.row)
        findings.roundTrips = Self.leastReturned(findings.roundTrips, found.roundTrips)
      } else {
        let problem = bench.workbench.record(of: engine)?.problem ?? "it does not run here"
        findings.omissions.append(Omission(engine.name, reason: problem))
      }
    }
    return findings
  }

  private static func leastReturned(
    _ known: [ConversionFindings.RoundTrip], _ new: [ConversionFindings.RoundTrip]
  ) -> [ConversionFindings.RoundTrip] {
    guard !known.isEmpty else { return new }
    return zip(known, new).map { $0.returned <= $1.returned ? $0 : $1 }
  }

  /// All conversions on a device.
  static func convert(
    on device: Device, engine: String, longSumCount: Int = 1_000_000
  ) throws(BackendError) -> (row: ConversionFindings.Row, roundTrips: [ConversionFindings.RoundTrip]) {
    let sum = Tensor([1, 2, 3, 4] as [Int64], shape: [2, 2], on: device) + 1
    var row = ConversionFindings.Row(
      engine: engine, checked: 0, wrong: [], sum: try sum.scalars(as: Int64.self),
      sumDType: "\(sum.dtype)")
    try addOne(longSumCount, to: &row, on: device)
    var roundTrips: [ConversionFindings.RoundTrip] = []
    for from in DType.allCases {
      let edges = EdgeNumber.edges(of: from)
      let source = EdgeNumber.value(edges, from)
      let tensor = source.bytes.withUnsafeBytes { Tensor(bytes: $0, spec: source.spec, on: device) }
      for to in DType.allCases {
        let converted = tensor.asType(to)
        let wanted = EdgeNumber.value(edges.map { $0.converted(from: from, to: to) }, to)
        let found = TensorValue(wanted.spec, bytes: try converted.bytes())
        row.checked += edges.count
        row.wrong += differences(edges, from, found, wanted)
        let back = try converted.asType(from).bytes()
        let changed = BitDifference.count(back, source.bytes, elementSize: from.byteCount)
        roundTrips.append(
          .init(from: "\(from)", through: "\(to)", returned: edges.count - changed, count: edges.count))
      }
    }
    return (row, roundTrips)
  }

  /// Adds 1 to a long tensor, most of whose numbers no double holds.
  private static func addOne(
    _ count: Int, to row: inout ConversionFindings.Row, on device: Device
  ) throws(BackendError) {
    let numbers = (0..<Int64(count)).map { $0 &* 0x1E37_79B9_7F4A_7C15 }
    let tensor = Tensor(numbers, on: device)
    try device.synchronize()
    let clock = ContinuousClock()
    let begin = clock.now
    let sum = tensor + 1
    try device.synchronize()
    row.longSumSeconds = begin.duration(to: clock.now).seconds
    row.longSumCount = count
    row.longSumWrong = zip(numbers, try sum.scalars(as: Int64.self)).count { $0 &+ 1 != $1 }
  }

  private static func differences(
    _ edges: [EdgeNumber], _ from: DType, _ found: TensorValue, _ wanted: TensorValue
  ) -> [String] {
    let size = wanted.spec.dtype.byteCount
    return edges.indices.compactMap { index in
      let range = index * size..<(index + 1) * size
      guard found.bytes[range] != wanted.bytes[range] else { return nil }
      let numbers = [found, wanted].map { EdgeNumber.text(of: $0, at: index) }
      // One NaN is as good as another.
      if numbers == ["nan", "nan"] { return nil }
      return "\(from) \(edges[index].text) → \(wanted.spec.dtype): \(numbers[0]), not \(numbers[1])"
    }
  }
}

/// A number at the edge of a type.
enum EdgeNumber: Hashable {
  case real(Double)
  case integer(Int64)

  /// Numbers that a type holds and others do not.
  static func edges(of dtype: DType) -> [EdgeNumber] {
    switch dtype {
    case .float32:
      ([
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 255, 256, -1.75, 16_777_216, 2_147_483_648, -2_147_483_648, 3e9,
        9_223_372_036_854_775_808, 0x1p-149, 0x1.fffffep127, .infinity, -.infinity, .nan,
      ] as [Double]).map(EdgeNumber.real)
    case .float64:
      ([
        0, -0.0, 1, -1, 0.5, -1.75, 255.9, 256, 16_777_217, 2_147_483_647, 2_147_483_648, -2_147_483_649,
        0x1p53, -0x1p53, 0x1p63, -0x1p63, 0x1.fffffffffffffp62, 0.1, 1e300, 0x1p-1074, 1e-40, .infinity,
        -.infinity, .nan,
      ] as [Double]).map(EdgeNumber.real)
    case .int64:
      ([
        0, 1, -1, 2, 127, 128, 255, 256, -128, 16_777_217, 2_147_483_647, 2_147_483_648, -2_147_483_649,
        (1 << 53) + 1, -(1 << 53) - 1, .max, .min,
      ] as [Int64]).map(EdgeNumber.integer)
    case .int32:
      ([0, 1, -1, 127, 128, 255, 256, 16_777_217, 2_147_483_647, -2_147_483_648] as [Int64])
        .map(EdgeNumber.integer)
    case .uint8: ([0, 1, 127, 128, 254, 255] as [Int64]).map(EdgeNumber.integer)
    case .bool: ([0, 1] as [Int64]).map(EdgeNumber.integer)
    }
  }

  /// Numbers as a vector.
  static func value(_ numbers: [EdgeNumber], _ dtype: DType) -> TensorValue {
    let spec = TensorSpec([numbers.count], dtype)
    return dtype.isFloatingPoint
      ? TensorValue(spec, reals: numbers.map(\.real)) : TensorValue(spec, integers: numbers.map(\.integer))
  }

  /// An element as text.
  static func text(of value: TensorValue, at index: Int) -> String {
    value.spec.dtype.isFloatingPoint ? "\(value.reals[index])" : "\(value.integers[index])"
  }

  /// The number as text.
  var text: String {
    switch self {
    case .real(let number): "\(number)"
    case .integer(let number): "\(number)"
    }
  }

  private var real: Double {
    switch self {
    case .real(let number): number
    case .integer(let number): Double(number)
    }
  }

  private var integer: Int64 {
    switch self {
    case .real: preconditionFailure("an integer is asked of \(text)")
    case .integer(let number): number
    }
  }

  /// The number in another type: rounded to the nearest; from real to integer cut to the whole number, kept in
  /// range, NaN as 0; from integer to integer the low bits; to bool whether it is not 0.
  func converted(from: DType, to: DType) -> EdgeNumber {
    switch (self, to) {
    case (.real(let number), .float32): .real(Double(Float(number)))
    case (.real, .float64): self
    case (.real(let number), .bool): .integer(number == 0 ? 0 : 1)
    case (.real(let number), .int64): .integer(Self.cut(number, Int64.self))
    case (.real(let number), .int32): .integer(Int64(Self.cut(number, Int32.self)))
    case (.real(let number), .uint8): .integer(Int64(Self.cut(number, UInt8.self)))
    case (.integer(let number), .float32): .real(Double(Float(number)))
    case (.integer(let number), .float64): .real(Double(number))
    case (.integer(let number), .bool): .integer(number == 0 ? 0 : 1)
    case (.integer(let number), .int32): .integer(Int64(Int32(truncatingIfNeeded: number)))
    case (.integer(let number), .uint8): .integer(Int64(UInt8(truncatingIfNeeded: number)))
    case (.integer, .int64): self
    }
  }

  private static func cut<Integer: FixedWidthInteger>(_ number: Double, _: Integer.Type) -> Integer {
    if number.isNaN { return 0 }
    // The upper bound as a double is one more than the largest Int64.
    if number >= Double(Integer.max) { return .max }
    if number <= Double(Integer.min) { return .min }
    return Integer(number)
  }
}
