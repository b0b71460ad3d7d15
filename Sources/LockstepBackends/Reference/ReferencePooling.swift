import LockstepCore

/// Pooling by its definition: every window, every channel, every tap inside the image.
extension ReferenceKernels {
  static func maxPool2D(
    _ x: ReferenceTensor, _ pooling: Pooling, _ output: TensorSpec, positions: TensorSpec
  ) -> [ReferenceTensor] {
    let values = x.reals
    let width = x.shape[2]
    var largest = [Double](repeating: -.infinity, count: output.shape.count)
    var places = [Int64](repeating: -1, count: output.shape.count)
    forEachWindow(image: x.shape, result: output.shape, pooling) { result, taps in
      for tap in taps {
        let value = values[tap.element]
        guard places[result] < 0 || (!largest[result].isNaN && (value.isNaN || value > largest[result]))
        else { continue }
        largest[result] = value
        places[result] = Int64(tap.y * width + tap.x)
      }
    }
    return [ReferenceTensor(output, reals: largest), ReferenceTensor(positions, integers: places)]
  }

  static func maxPool2DGradient(
    _ upstream: ReferenceTensor, positions: ReferenceTensor, _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    let values = upstream.reals
    var sums = [Double](repeating: 0, count: output.shape.count)
    for (window, element) in try elements(at: positions, of: output.shape).enumerated() {
      sums[element] += values[window]
    }
    return ReferenceTensor(output, reals: sums)
  }

  static func maxPool2DGather(
    _ x: ReferenceTensor, positions: ReferenceTensor, _ output: TensorSpec
  ) throws(IndexOutOfRange) -> ReferenceTensor {
    let values = x.reals
    return ReferenceTensor(output, reals: try elements(at: positions, of: x.shape).map { values[$0] })
  }

  static func averagePool2D(
    _ x: ReferenceTensor, _ pooling: Pooling, _ output: TensorSpec
  ) -> ReferenceTensor {
    let values = x.reals
    var means = [Double](repeating: 0, count: output.shape.count)
    forEachWindow(image: x.shape, result: output.shape, pooling) { result, taps in
      means[result] = taps.reduce(0) { $0 + values[$1.element] } / divisor(pooling, taps.count)
    }
    return ReferenceTensor(output, reals: means)
  }

  static func averagePool2DGradient(
    _ upstream: ReferenceTensor, _ pooling: Pooling, _ output: TensorSpec
  ) -> ReferenceTensor {
    let values = upstream.reals
    var sums = [Double](repeating: 0, count: output.shape.count)
    forEachWindow(image: output.shape, result: upstream.shape, pooling) { result, taps in
      let share = values[result] / divisor(pooling, taps.count)
      for tap in taps { sums[tap.element] += share }
    }
    return ReferenceTensor(output, reals: sums)
  }

  private static func divisor(_ pooling: Pooling, _ inside: Int) -> Double {
    Double(pooling.countsPadding ? pooling.kernel.height * pooling.kernel.width : inside)
  }

  /// For every position, an `y · width + x` in an image, the element of `images` it stands for.
  private static func elements(
    at positions: ReferenceTensor, of images: Shape
  ) throws(IndexOutOfRange) -> [Int] {
    let area = images[1] * images[2]
    let windows = positions.shape[1] * positions.shape[2]
    let channels = images[3]
    let pixels = try checked(positions, below: area)
    return pixels.enumerated().map { index, pixel in
      let image = index / (windows * channels)
      return (image * area + pixel) * channels + index % channels
    }
  }

  /// A pixel of a window that lies inside the image.
  private struct Tap {
    let y: Int
    let x: Int
    /// Which element of the images it is.
    let element: Int
  }

  private static func forEachWindow(
    image: Shape, result: Shape, _ pooling: Pooling, _ body: (_ result: Int, _ taps: [Tap]) -> Void
  ) {
    let geometry = pooling.geometry
    for n in 0..<result[0] {
      for windowY in 0..<result[1] {
        let ys = taps(
          windowY, geometry.stride.height, geometry.dilation.height, geometry.padding.top,
          kernel: pooling.kernel.height, size: image[1])
        for windowX in 0..<result[2] {
          let xs = taps(
            windowX, geometry.stride.width, geometry.dilation.width, geometry.padding.left,
            kernel: pooling.kernel.width, size: image[2])
          for channel in 0..<result[3] {
            let inside = ys.flatMap { y in
              xs.map { x in
                Tap(y: y, x: x, element: ((n * image[1] + y) * image[2] + x) * image[3] + channel)
              }
            }
            body(((n * result[1] + windowY) * result[2] + windowX) * result[3] + channel, inside)
          }
        }
      }
    }
  }

  /// The rows (or columns) of a window that lie inside the image.
  private static func taps(
    _ window: Int, _ stride: Int, _ dilation: Int, _ padding: Int, kernel: Int, size: Int
  ) -> [Int] {
    (0..<kernel).map { window * stride + $0 * dilation - padding }.filter { $0 >= 0 && $0 < size }
  }
}
