import Foundation
import LockstepCore

/// A case of Tests/Goldens/operation-bands.json.
struct GoldenBand: Decodable, Sendable {
  let name: String
  let terms: Int
  let inputs: [Tensor]
  let output: Tensor
  let rho: Tensor
  let amberCount: Int
  let redCount: Int

  struct Tensor: Decodable, Sendable {
    let shape: [Int]
    let data: [Double]

    var single: TensorValue { TensorValue(TensorSpec(Shape(shape), .float32), reals: data) }
  }

  /// What the case computes.
  var operation: LockstepCore.Operation {
    name.hasPrefix("matmul")
      ? .matmul(Matmul())
      : .conv2D(
        Convolution(WindowGeometry(padding: EdgeInsets(top: 1, bottom: 1, left: 1, right: 1))))
  }

  /// All cases.
  static let all: [GoldenBand] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens")
    do {
      let data = try Data(contentsOf: folder.appending(path: "operation-bands.json"))
      return try JSONDecoder().decode([GoldenBand].self, from: data)
    } catch {
      fatalError("Tests/Goldens/operation-bands.json can't be read: \(error)")
    }
  }()
}

extension GoldenBand: CustomStringConvertible {
  var description: String { name }
}
