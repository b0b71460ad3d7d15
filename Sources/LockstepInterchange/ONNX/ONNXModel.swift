public import LockstepCore
public import LockstepData
public import LockstepNN
public import LockstepTraining
import SwiftProtobuf

/// A model as an ONNX file that other programs run, for prediction.
///
/// ```swift
/// let file = try ONNXModel(of: model, input: [28, 28, 1], weights: ModelWeights(of: model.state))
/// try file.write(to: "model.onnx")
/// ```
/// The graph is the one that PyTorch would export of the same net: images `[batch, channels, height, width]` inside,
/// weights under the names of `PyTorchLayout`, any number of examples. It has one input, `input`, and one output,
/// `logits`. Operators are those of opset 17.
public struct ONNXModel: Sendable {
  /// How images are given.
  public enum Layout: String, Sendable, CaseIterable {
    /// `[batch, channels, height, width]`, as PyTorch has them.
    case nchw
    /// `[batch, height, width, channels]`, as Lockstep and TensorFlow have them.
    case nhwc
  }

  /// The operator set, and the version of the format that came with it.
  static let (operatorSet, formatVersion) = (17, 8)
  /// What a file of protobuf's can be.
  private static let sizeLimit = Int(Int32.max)

  /// The bytes of the file.
  public let fileContents: [UInt8]

  /// Puts a model into a file.
  ///
  /// - Parameters:
  ///   - input: the shape of an example, without the batch dimension.
  ///   - weights: the values of the model's `state`.
  ///   - normalization: how samples from 0 to 1 were normalised in the training, if they were: the graph does it
  ///     with those it is given.
  ///   - name: what the graph is called.
  ///   - metadata: free-form text that is kept with the model.
  /// - Throws: `ModelError` naming a layer that ONNX has no operators for or that doesn't fit, `CheckpointError` if
  ///   the weights are of another model, ``ONNXError`` if the file would be too large.
  public init(
    of model: Sequential, input: Shape, weights: ModelWeights, normalization: Normalization? = nil,
    name: String = "model", layout: Layout = .nchw,
    metadata: KeyValuePairs<String, String> = [:]
  ) throws {
    let layers = try PyTorchLayout(of: model, input: input)
    let tensors = try layers.stateDict(of: weights)
    var parameters: [String: Safetensors.Entry] = [:]
    for (entry, tensor) in zip(layers.entries, tensors) {
      if let name = entry.name { parameters[name] = tensor }
    }
    var exporter = ONNXExporter(parameters: parameters)
    let output = try exporter.export(model, input: input, normalization, layout)

    var proto = Onnx_ModelProto()
    proto.irVersion = Int64(Self.formatVersion)
    proto.producerName = "lockstep"
    proto.producerVersion = LockstepVersion.current
    var operators = Onnx_OperatorSetIdProto()
    operators.version = Int64(Self.operatorSet)
    proto.opsetImport = [operators]
    proto.metadataProps = metadata.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      entry.key = key
      entry.value = value
      return entry
    }
    proto.graph.name = name
    proto.graph.node = exporter.graph.nodes
    proto.graph.initializer = exporter.graph.initializers
    proto.graph.input = [
      Self.value(
        "input", exporter.inputShape(input, layout), model.takesIndices ? .int64 : .float)
    ]
    proto.graph.output = [Self.value("logits", output.dimensions, .float)]
    guard parameters.values.reduce(0, { $0 + $1.bytes.count }) < Self.sizeLimit - 1 << 20 else {
      throw ONNXError("the model is too large for an ONNX file, which has at most 2 GiB")
    }
    fileContents = try proto.serializedBytes()
  }

  /// Writes the file: all of it or, on failure, nothing.
  public func write(to file: String) throws(ONNXError) {
    do {
      try AtomicFile.write(fileContents, to: file)
    } catch {
      throw ONNXError("\(file) can't be written: \(error)")
    }
  }

  /// A value with any number of examples.
  private static func value(
    _ name: String, _ shape: [Int], _ type: Onnx_TensorProto.DataType
  ) -> Onnx_ValueInfoProto {
    var value = Onnx_ValueInfoProto()
    value.name = name
    value.type.tensorType.elemType = Int32(type.rawValue)
    var batch = Onnx_TensorShapeProto.Dimension()
    batch.dimParam = "batch"
    value.type.tensorType.shape.dim =
      [batch]
      + shape.map { size in
        var dimension = Onnx_TensorShapeProto.Dimension()
        dimension.dimValue = Int64(size)
        return dimension
      }
    return value
  }
}

/// Why there is no ONNX file.
public struct ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in one line.
  public let description: String

  init(_ description: String) { self.description = description }
}
