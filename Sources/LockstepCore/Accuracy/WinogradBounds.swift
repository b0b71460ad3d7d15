/// What Winograd's F(2×2, 3×3) may be off: its sums and differences multiply each pixel of a window with every tap,
/// and what does not belong together cancels. The error of a result is bounded by all those products' magnitudes
/// and not by the nine that remain.
struct WinogradBounds {
  /// Images `[batch, height, width, channels]`, magnitudes.
  let image: [Double]
  let imageShape: Shape
  /// The magnitude at a tap, for a channel in and a channel out.
  let weight: (_ tap: Int, _ input: Int, _ output: Int) -> Double
  let padding: (top: Int, left: Int)
  let result: Shape

  /// For every result the sum of the magnitudes of all that is added up to it, times the number of roundings.
  func errors() -> [Double] {
    let planes = transformedWeight()
    // One rounding for each of two sums in a row, on the way in and back, in the weight, and in the product.
    let factor = Accuracy.accumulationFactor(terms: imageShape[3]) + 12
    var errors = [Double](repeating: 0, count: result.count)
    for n in 0..<result[0] {
      for top in stride(from: 0, to: result[1], by: 2) {
        for left in stride(from: 0, to: result[2], by: 2) {
          let pixels = transformedPixels(n, top - padding.top, left - padding.left)
          for channel in 0..<result[3] {
            let sums = (0..<16).map { plane in
              (0..<imageShape[3]).reduce(0) { sum, input in
                sum + pixels[input][plane] * planes[plane][input * result[3] + channel]
              }
            }
            for (y, x) in [(0, 0), (0, 1), (1, 0), (1, 1)] where top + y < result[1] && left + x < result[2] {
              var sum = 0.0
              for i in y..<y + 3 { for j in x..<x + 3 { sum += sums[4 * i + j] } }
              let pixel = (n * result[1] + top + y) * result[2] + left + x
              errors[pixel * result[3] + channel] = factor * sum
            }
          }
        }
      }
    }
    return errors
  }

  /// |G| |g| |Gᵀ|: `[16][in · out]`.
  private func transformedWeight() -> [[Double]] {
    let matrix: [[Double]] = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0, 0, 1]]
    return (0..<16).map { plane in
      (0..<imageShape[3] * result[3]).map { pair in
        (0..<9).reduce(0) { sum, tap in
          sum + matrix[plane / 4][tap / 3] * matrix[plane % 4][tap % 3]
            * weight(tap, pair / result[3], pair % result[3])
        }
      }
    }
  }

  /// |Bᵀ| |d| |B| of the tile whose first pixel is given: `[channels][16]`.
  private func transformedPixels(_ n: Int, _ top: Int, _ left: Int) -> [[Double]] {
    let pairs = [(0, 2), (1, 2), (1, 2), (1, 3)]
    return (0..<imageShape[3]).map { channel in
      func pixel(_ y: Int, _ x: Int) -> Double {
        guard (0..<imageShape[1]).contains(top + y), (0..<imageShape[2]).contains(left + x) else { return 0 }
        let index = (n * imageShape[1] + top + y) * imageShape[2] + left + x
        return image[index * imageShape[3] + channel]
      }
      return (0..<16).map { plane in
        let (rows, columns) = (pairs[plane / 4], pairs[plane % 4])
        return pixel(rows.0, columns.0) + pixel(rows.0, columns.1) + pixel(rows.1, columns.0)
          + pixel(rows.1, columns.1)
      }
    }
  }
}

extension Convolution {
  /// Whether a backend computes it by Winograd's algorithm: where that was asked for and is defined.
  func usesWinograd(weight: Shape) -> Bool {
    algorithm == .winograd && weight[0] == 3 && weight[1] == 3 && geometry.stride == 1
      && geometry.dilation == 1 && groups == 1
  }

  /// The errors of ``Operation/conv2D(_:)``, in units of u.
  func winogradErrors(_ inputs: [TensorValue]) -> [Double] {
    let (image, weight) = (inputs[0], inputs[1])
    let operation = Operation.conv2D(self)
    guard let result = try? operation.inferOutputs(inputs.map(\.spec)) else { return [] }
    let weights = weight.magnitudes.reals
    let (ins, outs) = (weight.spec.shape[2], weight.spec.shape[3])
    return WinogradBounds(
      image: image.magnitudes.reals, imageShape: image.spec.shape,
      weight: { weights[($0 * ins + $1) * outs + $2] },
      padding: (geometry.padding.top, geometry.padding.left), result: result[0].shape
    ).errors()
  }

  /// The errors of ``Operation/conv2DInputGradient(_:height:width:)``, in units of u.
  func winogradInputGradientErrors(_ inputs: [TensorValue], height: Int, width: Int) -> [Double] {
    let (gradient, weight) = (inputs[0], inputs[1])
    let weights = weight.magnitudes.reals
    let (ins, outs) = (weight.spec.shape[2], weight.spec.shape[3])
    return WinogradBounds(
      image: gradient.magnitudes.reals, imageShape: gradient.spec.shape,
      weight: { weights[((8 - $0) * ins + $2) * outs + $1] },
      padding: (2 - geometry.padding.top, 2 - geometry.padding.left),
      result: [gradient.spec.shape[0], height, width, ins]
    ).errors()
  }
}
