import Foundation
import LockstepCore

/// The files in Tests/Goldens; scripts/goldens makes them.
enum Golden {
  static func load<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      Value.self, from: Data(contentsOf: tests.appending(path: "Goldens/\(name).json")))
  }
}

/// A number of a golden file; JSON has no NaN and no infinity, so those are strings there.
enum GoldenNumber: Decodable {
  case integer(Int64)
  case real(Double)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .integer(value ? 1 : 0)
    } else if let value = try? container.decode(Double.self) {
      // An integer may have more digits than a Double; -0.0 would read as the integer 0.
      let integer = value == 0 ? nil : try? container.decode(Int64.self)
      self = integer.map { .integer($0) } ?? .real(value)
    } else {
      self = .real(Double(try container.decode(String.self))!)
    }
  }

  var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    }
  }

  var integer: Int64 {
    switch self {
    case .integer(let value): value
    case .real(let value): Int64(value)
    }
  }
}
