import LockstepCore

/// A convolution's products x · weight · g, added up over one of the three.
struct ConvolutionSums {
  private let image: Shape
  private let weight: Shape
  private let result: Shape
  private let geometry: WindowGeometry
  private let groups: Int
  private let inPerGroup: Int
  private let outPerGroup: Int

  init(_ convolution: Convolution, image: Shape, weight: Shape, result: Shape) {
    self.image = image
    self.weight = weight
    self.result = result
    geometry = convolution.geometry
    groups = convolution.groups
    inPerGroup = weight[2]
    outPerGroup = weight[3] / convolution.groups
  }

  private var tapCount: Int { weight[0] * weight[1] }

  /// The result, an image after the other.
  func forward(_ x: TensorValue, _ weights: TensorValue, _ output: TensorSpec) -> ExactSums.Result {
    let (x, weights) = (x.reals, weights.reals)
    return SumTable.fill(output, shards: result[0]) { n, table in
      for tap in 0..<tapCount {
        forEachPixel(image: n, tap) { pixel, target in
          for group in 0..<groups {
            for channel in 0..<inPerGroup {
              table.add(
                x[pixel * image[3] + group * inPerGroup + channel], weights,
                from: (tap * inPerGroup + channel) * weight[3] + group * outPerGroup,
                to: target * result[3] + group * outPerGroup, count: outPerGroup)
            }
          }
        }
      }
    }
  }

  /// The gradient at the input, an image after the other.
  func inputGradient(_ g: TensorValue, _ weights: TensorValue, _ output: TensorSpec) -> ExactSums.Result {
    let (g, weights) = (g.reals, weights.reals)
    // Channels in are what is added side by side: [tap, channel out, channel in].
    let turned = (0..<weights.count).map { index in
      let (tap, rest) = index.quotientAndRemainder(dividingBy: weight[3] * inPerGroup)
      return weights[(tap * inPerGroup + rest % inPerGroup) * weight[3] + rest / inPerGroup]
    }
    return SumTable.fill(output, shards: result[0]) { n, table in
      for tap in 0..<tapCount {
        forEachPixel(image: n, tap) { pixel, target in
          for channel in 0..<weight[3] {
            table.add(
              g[target * result[3] + channel], turned, from: (tap * weight[3] + channel) * inPerGroup,
              to: pixel * image[3] + channel / outPerGroup * inPerGroup, count: inPerGroup)
          }
        }
      }
    }
  }

  /// The gradient at the weight, a tap after the other.
  func weightGradient(_ x: TensorValue, _ g: TensorValue, _ output: TensorSpec) -> ExactSums.Result {
    let (x, g) = (x.reals, g.reals)
    return SumTable.fill(output, shards: tapCount) { tap, table in
      for n in 0..<result[0] {
        forEachPixel(image: n, tap) { pixel, target in
          for group in 0..<groups {
            for channel in 0..<inPerGroup {
              table.add(
                x[pixel * image[3] + group * inPerGroup + channel], g,
                from: target * result[3] + group * outPerGroup,
                to: (tap * inPerGroup + channel) * weight[3] + group * outPerGroup, count: outPerGroup)
            }
          }
        }
      }
    }
  }

  /// Calls `body` for every pixel of an image that a tap of the kernel falls on, with the result's pixel that it
  /// counts for; both are counted over all images.
  @inline(__always)
  private func forEachPixel(image n: Int, _ tap: Int, _ body: (_ pixel: Int, _ target: Int) -> Void) {
    let (tapY, tapX) = tap.quotientAndRemainder(dividingBy: weight[1])
    for y in 0..<result[1] {
      let imageY = y * geometry.stride.height + tapY * geometry.dilation.height - geometry.padding.top
      guard imageY >= 0, imageY < image[1] else { continue }
      for x in 0..<result[2] {
        let imageX = x * geometry.stride.width + tapX * geometry.dilation.width - geometry.padding.left
        guard imageX >= 0, imageX < image[2] else { continue }
        body((n * image[1] + imageY) * image[2] + imageX, (n * result[1] + y) * result[2] + x)
      }
    }
  }
}
