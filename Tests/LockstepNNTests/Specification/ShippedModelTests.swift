import Foundation
import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

/// A model of `models/`, for images of a shape in ten classes, counted by hand: twice the products of its
/// convolutions and matrices.
struct ShippedModel: Sendable, CustomTestStringConvertible {
  let name: String
  let input: Shape
  let parameters: Int
  let floatingPointOperations: Double

  var testDescription: String { "\(name) \(input)" }

  static let all = [
    ShippedModel("digits-cnn", [8, 8, 1], 38_282, 675_072),
    ShippedModel("w1", [28, 28, 1], 421_642, 8_482_304),
    ShippedModel("lenet5", [28, 28, 1], 61_706, 833_040),
    ShippedModel("mobilenet-tiny", [28, 28, 1], 36_874, 6_581_888),
    ShippedModel("mobilenet-tiny", [32, 32, 3], 37_162, 9_185_792),
    ShippedModel("resnet8", [32, 32, 3], 78_042, 25_003_264),
    ShippedModel("resnet20", [28, 28, 1], 272_186, 62_043_904),
    ShippedModel("resnet20", [32, 32, 3], 272_474, 81_626_368),
    ShippedModel("fashion-resnet20", [28, 28, 1], 1_084_010, 68_414_976),
  ]

  private init(_ name: String, _ input: Shape, _ parameters: Int, _ operations: Double) {
    self.name = name
    self.input = input
    self.parameters = parameters
    floatingPointOperations = operations
  }

  func specification() throws -> ModelSpecification {
    try ModelSpecification(contentsOf: repositoryPath("models/\(name).yaml"))
  }
}

@Suite("The models in models/")
struct ShippedModelTests {
  @Test("Each is in the list below")
  func all() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: repositoryPath("models"))
      .filter { $0.hasSuffix(".yaml") }
    #expect(Set(files) == Set(ShippedModel.all.map { "\($0.name).yaml" }))
  }

  @Test("They have their file's name, and the parameters and operations counted", arguments: ShippedModel.all)
  func counts(_ shipped: ShippedModel) throws {
    let specification = try shipped.specification()
    #expect(specification.name == shipped.name)
    let summary = try specification.makeModel(classes: 10, input: shipped.input).summary(input: shipped.input)
    #expect(summary.parameterCount == shipped.parameters)
    #expect(summary.floatingPointOperations == shipped.floatingPointOperations)
  }

  @Test("Their comments say as many", arguments: ShippedModel.all)
  func comments(_ shipped: ShippedModel) throws {
    let comment = try shipped.specification().source.split(separator: "\n")
      .prefix { $0.hasPrefix("#") }.joined(separator: " ").replacing("# ", with: "")
    #expect(comment.contains("\(NumberFormat.grouped(shipped.parameters)) parameters"))
    let millions = NumberFormat.significant(shipped.floatingPointOperations / 1e6)
    #expect(comment.contains("\(millions) MFLOP"))
  }
}
