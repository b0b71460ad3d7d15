import LockstepCore
import LockstepNN

// Layers that move elements and compute nothing of them.
extension ONNXExporter {
  mutating func embedding(_ place: String, _ x: ONNXValue) -> ONNXValue {
    let indices = natural(x, at: place)
    let name = graph.add(
      "Gather", [parameter("weight", at: place), indices.name].compactMap(\.self), ["axis": .int(0)],
      at: place)
    return inGraphOrder(name, Shape(x.shape.dimensions + [1]), at: place)
  }

  mutating func upSampling(_ layer: UpSampling2D, _ place: String, _ x: ONNXValue) -> ONNXValue {
    let scales = graph.add(
      [1, 1, Float(layer.size.height), Float(layer.size.width)], "scales", shape: [4], at: place)
    var result = x
    result.name = graph.add(
      "Resize", [x.name, "", scales],
      [
        "coordinate_transformation_mode": .text("asymmetric"), "mode": .text("nearest"),
        "nearest_mode": .text("floor"),
      ], at: place)
    return result
  }

  mutating func zeroPad(_ layer: ZeroPad2D, _ place: String, _ x: ONNXValue) -> ONNXValue {
    let padding = layer.padding
    let pads = graph.add(
      integers: [0, 0, padding.top, padding.left, 0, 0, padding.bottom, padding.right], "pads", at: place)
    var result = x
    result.name = graph.add("Pad", [x.name, pads], ["mode": .text("constant")], at: place)
    return result
  }

  /// The elements, in Lockstep's order, in another shape.
  mutating func reshaped(_ shape: Shape, _ place: String, _ x: ONNXValue) -> ONNXValue {
    let input = natural(x, at: place)
    let sizes = graph.add(integers: [0] + shape.dimensions, "shape", at: place)
    return inGraphOrder(graph.add("Reshape", [input.name, sizes], at: place), shape, at: place)
  }
}
