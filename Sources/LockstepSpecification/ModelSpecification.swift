public import LockstepCore
public import LockstepNN

/// A model as a YAML file describes it: a value, checked as a whole when it is read.
///
/// ```yaml
/// name: digits-cnn
/// input: [8, 8, 1]              # optional: height, width, channels
/// layers:
///   - conv2D: {filters: 32, kernel: 3, padding: same, activation: relu}
///   - maxPool2D: {kernel: 2}
///   - flatten
///   - dense: {units: classes}   # as many as the data set has
/// training:                     # optional
///   epochs: 20
///   learningRate: 0.05
/// ```
/// The layers and their keys are those of `LayerTable.swift`.
public struct ModelSpecification: Hashable, Sendable {
  /// What the model is called; without a `name`, the file's name without its ending.
  public let name: String
  /// The shape of an example, if the file says it; else the data decide.
  public let input: Shape?
  /// How it wants to be trained.
  public let training: TrainingDefaults
  /// The file, as it was named by whoever asked to read it.
  public let file: String
  /// The text it was read from, comments and all: what a run records, and what reads back as this value.
  public let source: String

  private let layers: Value
  private let inputPosition: Position?

  /// Reads a file.
  ///
  /// - Throws: ``SpecificationError`` with file, line and what is wrong.
  public init(contentsOf path: String) throws(SpecificationError) {
    try self.init(try readText(path, as: .model), file: path)
  }

  /// Reads a text; `file` is what errors call it.
  public init(_ text: String, file: String = "model.yaml") throws(SpecificationError) {
    let root = try Value(yaml: text, file: file, as: .model)
    let reader = Reader(classes: 1)
    let top = Arguments("the model", root, reader)
    name = top.find("name", .identifier) ?? ModelSpecification.stem(of: file)
    input = top.find("input", .shape)
    inputPosition = top.value(of: "input")?.position
    training =
      top.find("training", .section(standIn: TrainingDefaults(), TrainingDefaults.init)) ?? TrainingDefaults()
    // The layers are made once to check them, and again when the number of classes is known.
    _ = top.get("layers", .layers)
    layers = top.value(of: "layers") ?? root
    top.finish()
    self.file = file
    source = text
    if let (position, problem) = reader.firstProblem {
      throw SpecificationError(file: file, position, problem)
    }
  }

  /// The model for a data set, built but not initialised.
  ///
  /// - Parameters:
  ///   - classes: what the word `classes` means, and how many results the model must have.
  ///   - input: the shape of an example of the data, without the batch dimension.
  ///   - dtype: what examples are made of; `int32` or `int64` for a model that begins with an embedding.
  /// - Throws: ``SpecificationError`` with the line of the layer that doesn't fit, both shapes in its text.
  public func makeModel(
    classes: Int, input: Shape, dtype: DType = .float32
  ) throws(SpecificationError) -> Sequential {
    trap(unless: classes >= 1, "a data set has at least one class, not \(classes)")
    if let expected = self.input, let inputPosition, expected != input {
      throw SpecificationError(
        file: file, inputPosition, "the model is for examples \(expected), the data set has \(input)")
    }
    let reader = Reader(classes: classes)
    let model = Sequential(ValueKind.layers.parse(layers, "layers", reader) ?? [])
    guard model.takesIndices != dtype.isFloatingPoint else {
      let (wanted, found) = dtype.isFloatingPoint ? ("indices", "real numbers") : ("real numbers", "\(dtype)")
      throw SpecificationError(
        file: file, reader.position(ofLayer: "layers.0") ?? layers.position,
        "the first layer takes \(wanted), the examples of the data set are \(found)")
    }
    let output: Shape
    do throws(ModelError) {
      output = try model.build(input: input)
    } catch {
      throw SpecificationError(
        file: file, reader.position(ofLayer: error.layer) ?? layers.position, "\(error)")
    }
    guard output == [classes] else {
      throw SpecificationError(
        file: file, reader.position(ofLayer: "layers.\(model.layers.count - 1)") ?? layers.position,
        "the last layer gives \(output), but \(classes) classes need [\(classes)]; "
          + "end with dense: {units: classes}")
    }
    return model
  }

  private static func stem(of file: String) -> String {
    let base = file.split(separator: "/").last ?? "model"
    return String(base.prefix { $0 != "." })
  }
}
