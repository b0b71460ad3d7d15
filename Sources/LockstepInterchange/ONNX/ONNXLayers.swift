import LockstepCore
import LockstepNN
import LockstepTraining

// Layers that hold weights, and those with windows.
extension ONNXExporter {
  mutating func convolution(
    _ window: ONNXWindow, _ activation: Activation, _ place: String, _ x: ONNXValue
  ) throws(ModelError) -> ONNXValue {
    let pads = pads(window.padding, window.kernel, window.stride, window.dilation, x)
    var result = x
    result.name = graph.add(
      "Conv", [x.name] + weights(at: place),
      [
        "dilations": .ints(window.dilation.sizes), "group": .int(window.groups),
        "kernel_shape": .ints(window.kernel.sizes), "pads": .ints(pads),
        "strides": .ints(window.stride.sizes),
      ], at: place)
    return try activated(activation, result, at: place)
  }

  mutating func transposedConvolution(
    _ layer: Conv2DTranspose, _ place: String, _ x: ONNXValue
  ) throws(ModelError) -> ONNXValue {
    // What is cut off is what the convolution that is transposed has around its images, which are the results.
    var output = x
    output.shape = try layer.build(input: x.shape)
    let pads = pads(layer.padding, layer.kernel, layer.stride, layer.dilation, output)
    let covered = zip(layer.kernel.sizes, layer.dilation.sizes).map { ($0 - 1) * $1 + 1 }
    // How much larger the result is than what the pixels alone make: with `same` more than outputPadding says.
    let added = (0..<2).map { axis in
      let whole = (x.shape[axis] - 1) * layer.stride.sizes[axis] + covered[axis]
      return output.shape[axis] - (whole - pads[axis] - pads[axis + 2])
    }
    output.name = graph.add(
      "ConvTranspose", [x.name] + weights(at: place),
      [
        "dilations": .ints(layer.dilation.sizes), "group": .int(layer.groups),
        "kernel_shape": .ints(layer.kernel.sizes), "output_padding": .ints(added), "pads": .ints(pads),
        "strides": .ints(layer.stride.sizes),
      ], at: place)
    return try activated(layer.activation, output, at: place)
  }

  private mutating func weights(at place: String) -> [String] {
    [parameter("weight", at: place), parameter("bias", at: place)].compactMap(\.self)
  }

  mutating func dense(_ layer: Dense, _ place: String, _ x: ONNXValue) throws(ModelError) -> ONNXValue {
    var result = x
    result.image = nil
    result.name = graph.add(
      "Gemm", [x.name] + weights(at: place),
      ["alpha": .float(1), "beta": .float(1), "transB": .int(1)], at: place)
    return try activated(layer.activation, result, at: place)
  }

  mutating func averagePool(_ layer: AveragePool2D, _ place: String, _ x: ONNXValue) -> ONNXValue {
    pooled(
      "AveragePool", layer.kernel, layer.stride, layer.padding, place, x,
      countsPadding: layer.countsPadding)
  }

  mutating func globalAveragePool(_ place: String, _ x: ONNXValue) -> ONNXValue {
    var result = x
    result.name = graph.add("GlobalAveragePool", [x.name], at: place)
    result.name = graph.add("Flatten", [result.name], ["axis": .int(1)], at: place)
    return result
  }

  mutating func pooled(
    _ operation: String, _ kernel: Size2D, _ stride: Size2D, _ padding: Padding, _ place: String,
    _ x: ONNXValue, countsPadding: Bool = false
  ) -> ONNXValue {
    let pads = ONNXAttribute.ints(pads(padding, kernel, stride, 1, x))
    var result = x
    if operation == "MaxPool" {
      result.name = graph.add(
        operation, [x.name],
        ["kernel_shape": .ints(kernel.sizes), "pads": pads, "strides": .ints(stride.sizes)], at: place)
    } else {
      result.name = graph.add(
        operation, [x.name],
        [
          "count_include_pad": .int(countsPadding ? 1 : 0), "kernel_shape": .ints(kernel.sizes), "pads": pads,
          "strides": .ints(stride.sizes),
        ], at: place)
    }
    return result
  }

  /// ONNX's order: before the height and the width, then behind them.
  func pads(
    _ padding: Padding, _ kernel: Size2D, _ stride: Size2D, _ dilation: Size2D, _ x: ONNXValue
  ) -> [Int] {
    let image = Size2D(height: x.shape[0], width: x.shape[1])
    let insets = padding.insets(for: image, kernel: kernel, stride: stride, dilation: dilation)
    return [insets.top, insets.left, insets.bottom, insets.right]
  }
}

/// What a convolution's window is and does.
struct ONNXWindow {
  let kernel, stride, dilation: Size2D
  let padding: Padding
  let groups: Int

  init(_ layer: Conv2D) {
    (kernel, stride, dilation) = (layer.kernel, layer.stride, layer.dilation)
    (padding, groups) = (layer.padding, layer.groups)
  }

  init(_ layer: DepthwiseConv2D, channels: Int) {
    (kernel, stride, dilation) = (layer.kernel, layer.stride, layer.dilation)
    (padding, groups) = (layer.padding, channels)
  }
}

extension Size2D {
  /// Height and width.
  var sizes: [Int] { [height, width] }
}
