import Foundation
import LockstepCore
import Testing

/// Reads a file of Tests/Goldens; scripts/goldens/README.md says what the fields mean.
func golden<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) -> Value {
  do {
    let data = try Data(contentsOf: URL(filePath: repositoryPath("Tests/Goldens/\(name)")))
    return try JSONDecoder().decode(Value.self, from: data)
  } catch {
    fatalError("Tests/Goldens/\(name) can't be read: \(error)")
  }
}

/// A tensor as PyTorch gave it.
struct GoldenTensor: Decodable, Sendable {
  let shape: [Int]
  let dtype: String
  private let data: [GoldenNumber]

  var values: [Double] { data.map(\.value) }

  /// The tensor on a device; labels are int64, all else has the type given.
  func tensor(_ dtype: DType, on device: Device) -> Tensor {
    let tensor = Tensor(values, shape: Shape(shape), on: device)
    return tensor.asType(self.dtype == "int64" ? .int64 : dtype)
  }
}

/// A number, or the name JSON lacks.
private struct GoldenNumber: Decodable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
    } else if let flag = try? container.decode(Bool.self) {
      value = flag ? 1 : 0
    } else {
      value = try #require(Double(try container.decode(String.self)))
    }
  }
}

/// A case of operations.json or layers.json.
struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Attributes: Decodable {
    let strideHeight, strideWidth, dilationHeight, dilationWidth, windowHeight, windowWidth, groups: Int?
    let padding: String?
    let paddingTop, paddingBottom, paddingLeft, paddingRight: Int?
    let countIncludesPadding: Bool?
    let smoothing: Double?
    // Of layers.json.
    let outputPaddingHeight, outputPaddingWidth, multiplier, dimensions, axis, count, units: Int?
    let epsilon, slope, alpha: Double?
    let approximate: String?
    let affine, perChannel: Bool?
  }

  let name, operation: String
  let attributes: Attributes
  /// Whether float32 gives these very numbers, in whatever order sums are added up.
  let exact: Bool
  let inputs, outputs, upstream, gradients: [String: GoldenTensor]

  var testDescription: String { name }

  private static let operations = golden("operations.json", as: [GoldenCase].self)
  private static let layers = golden("layers.json", as: [GoldenCase].self)

  /// The cases of an operation; there are some, or the file has changed.
  static func of(_ operation: String) -> [GoldenCase] { select(operation, from: operations) }

  /// The cases of a layer.
  static func ofLayer(_ layer: String) -> [GoldenCase] { select(layer, from: layers) }

  private static func select(_ name: String, from all: [GoldenCase]) -> [GoldenCase] {
    let cases = all.filter { $0.operation == name }
    precondition(!cases.isEmpty, "there is no case of \(name)")
    return cases
  }
}

/// Expects elements to be those wanted: equal if `tolerance` is 0, else within so much of the wanted number,
/// or of 1 if that is more, since sums cancel.
func expectEqual(
  _ found: Tensor, _ wanted: GoldenTensor, tolerance: Double, _ what: Comment,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(found.shape == Shape(wanted.shape), what, sourceLocation: sourceLocation)
  let isSingle = found.dtype == .float32
  let numbers = try found.asType(.float64).scalars(as: Double.self)
  let worst = zip(numbers, wanted.values).map { found, wanted in
    let wanted = isSingle ? Double(Float(wanted)) : wanted
    if found == wanted || (found.isNaN && wanted.isNaN) { return 0.0 }
    return (found - wanted).magnitude / max(1, wanted.magnitude)
  }.max { $1.isNaN || $0 < $1 }
  #expect((worst ?? 0) <= tolerance, what, sourceLocation: sourceLocation)
}
