import Foundation

/// A case of Tests/Goldens/operations.json; scripts/goldens/README.md says what the fields mean.
struct GoldenCase: Decodable, Sendable {
  let name: String
  let operation: String
  let attributes: GoldenAttributes
  let exact: Bool
  let inputs: [String: GoldenTensor]
  let outputs: [String: GoldenTensor]
  let upstream: [String: GoldenTensor]
  let gradients: [String: GoldenTensor]

  /// All cases.
  static let all: [GoldenCase] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens")
    do {
      let data = try Data(contentsOf: folder.appending(path: "operations.json"))
      return try JSONDecoder().decode([GoldenCase].self, from: data)
    } catch {
      fatalError("Tests/Goldens/operations.json can't be read: \(error)")
    }
  }()

  /// The names of the operations there are cases of, in the file's order.
  static let operations = all.map(\.operation).reduce(into: [String]()) { names, name in
    if names.last != name { names.append(name) }
  }
}

/// A tensor as PyTorch gave it.
struct GoldenTensor: Decodable, Sendable {
  let shape: [Int]
  let dtype: String
  private let data: [GoldenNumber]

  var reals: [Double] { data.map(\.value) }
  var integers: [Int64] { data.map { Int64($0.value) } }
}

/// A number, `"nan"`, `"inf"`, `"-inf"`, or a bool.
private struct GoldenNumber: Decodable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
    } else if let bool = try? container.decode(Bool.self) {
      value = bool ? 1 : 0
    } else {
      let name = try container.decode(String.self)
      guard let number = ["nan": Double.nan, "inf": .infinity, "-inf": -.infinity][name] else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a number: \(name)")
      }
      value = number
    }
  }
}

/// The attributes of all operations; each has some of them.
struct GoldenAttributes: Decodable, Sendable {
  let strideHeight, strideWidth: Int?
  let paddingTop, paddingBottom, paddingLeft, paddingRight: Int?
  let dilationHeight, dilationWidth: Int?
  let windowHeight, windowWidth: Int?
  let groups: Int?
  let countIncludesPadding: Bool?
  let transposeLHS, transposeRHS: Bool?
  let smoothing: Double?
  let axes: [Int]?
  let axis: Int?
  let keepDimensions: Bool?
  let low, high, interior: [Int]?
  let value: Double?
  let starts, ends, steps: [Int]?
  let permutation: [Int]?
}
