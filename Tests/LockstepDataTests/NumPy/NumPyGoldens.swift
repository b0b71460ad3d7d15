import Foundation
import LockstepCore
import LockstepData
import Testing

/// Files that NumPy wrote, by `scripts/goldens/make_numpy_files.py`.
struct NumPyGoldens: Decodable {
  struct Array: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    let dtype: String
    let shape: [Int]
    let elements: String
    let isCanonical: Bool
    let isFortran: Bool

    var testDescription: String { name }
    var array: NumPyArray {
      let dtype = DType.allCases.first { "\($0)" == self.dtype }!
      return NumPyArray(spec: TensorSpec(Shape(shape), dtype), bytes: bytes(ofHex: elements))
    }
  }

  struct File: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let file: String

    var testDescription: String { name }
  }

  let arrays: [Array]
  let archives: [File]
  let refused: [File]

  private static let file = URL(filePath: #filePath).appending(path: "../../../Goldens/numpy-files.json")
  static let all = try! JSONDecoder().decode(NumPyGoldens.self, from: Data(contentsOf: file.standardized))

  /// The bytes of a `.npy` file of 2×3 float32.
  static var float32: [UInt8] { bytes(ofHex: all.arrays.first { $0.name == "float32" }!.file) }
  static func archive(_ name: String) -> [UInt8] {
    bytes(ofHex: all.archives.first { $0.name == name }!.file)
  }
}
