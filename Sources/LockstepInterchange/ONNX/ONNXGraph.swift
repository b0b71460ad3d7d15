import LockstepCore
import LockstepTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An attribute of an operator.
enum ONNXAttribute {
  case int(Int)
  case ints([Int])
  case float(Double)
  case text(String)
}

/// A graph in the making: operators in the order they are computed, and the numbers they take.
struct ONNXGraph {
  private(set) var nodes: [Onnx_NodeProto] = []
  private(set) var initializers: [Onnx_TensorProto] = []
  private var names: Set<String> = []

  /// Adds an operator of one result, whose name this gives.
  ///
  /// - Parameter place: the path of the layer it is of.
  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: KeyValuePairs<String, ONNXAttribute> = [:],
    at place: String
  ) -> String {
    var node = Onnx_NodeProto()
    node.opType = operation
    node.name = unused("/\(place)/\(operation)")
    node.input = inputs
    node.output = ["\(node.name)_output_0"]
    node.attribute = attributes.map { name, value in Self.attribute(name, value) }
    nodes.append(node)
    return node.output[0]
  }

  /// Adds a tensor that the graph holds, whose name this gives.
  mutating func add(_ entry: Safetensors.Entry) -> String {
    var tensor = Onnx_TensorProto()
    tensor.name = unused(entry.name)
    tensor.dims = entry.spec.shape.dimensions.map(Int64.init)
    tensor.dataType = Int32(Self.type(of: entry.spec.dtype).rawValue)
    tensor.rawData = Data(entry.bytes)
    initializers.append(tensor)
    return tensor.name
  }

  /// Adds whole numbers that an operator takes, such as a shape.
  mutating func add(integers values: [Int], _ name: String, at place: String) -> String {
    let bytes = values.flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) } }
    return add(.init(name: "/\(place)/\(name)", spec: TensorSpec([values.count], .int64), bytes: bytes))
  }

  /// Adds real numbers that an operator takes; without a shape one number.
  mutating func add(_ values: [Float], _ name: String, shape: Shape = [], at place: String) -> String {
    let bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    return add(.init(name: "/\(place)/\(name)", spec: TensorSpec(shape, .float32), bytes: bytes))
  }

  /// Calls a value something else.
  mutating func rename(_ old: String, to new: String) {
    for index in nodes.indices {
      nodes[index].input = nodes[index].input.map { $0 == old ? new : $0 }
      nodes[index].output = nodes[index].output.map { $0 == old ? new : $0 }
    }
  }

  /// ONNX's number of a dtype.
  static func type(of dtype: DType) -> Onnx_TensorProto.DataType {
    switch dtype {
    case .float32: .float
    case .float64: .double
    case .int64: .int64
    case .int32: .int32
    case .uint8: .uint8
    case .bool: .bool
    }
  }

  private mutating func unused(_ name: String) -> String {
    var candidate = name
    var number = 1
    while !names.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }

  private static func attribute(_ name: String, _ value: ONNXAttribute) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    switch value {
    case .int(let value):
      attribute.type = .int
      attribute.i = Int64(value)
    case .ints(let values):
      attribute.type = .ints
      attribute.ints = values.map(Int64.init)
    case .float(let value):
      attribute.type = .float
      attribute.f = Float(value)
    case .text(let value):
      attribute.type = .string
      attribute.s = Data(value.utf8)
    }
    return attribute
  }
}
