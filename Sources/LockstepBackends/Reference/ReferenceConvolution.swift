import LockstepCore

/// Convolutions by their definition: batch, output pixel, kernel tap, channel in, channel out.
///
/// All three walk the same products x · w · g; they differ in which of the three they add up.
extension ReferenceKernels {
  static func conv2D(
    _ x: ReferenceTensor, weight: ReferenceTensor, _ convolution: Convolution, _ output: TensorSpec
  ) -> ReferenceTensor {
    let loops = ConvolutionLoops(image: x.shape, weight: weight.shape, result: output.shape, convolution)
    var sums = [Double](repeating: 0, count: output.shape.count)
    sums.withUnsafeMutableBufferPointer { sums in
      x.reals.withUnsafeBufferPointer { x in
        weight.reals.withUnsafeBufferPointer { weight in
          loops.forEachRun { image, weights, results in
            let factor = x[image]
            for channel in 0..<loops.outPerGroup {
              sums[results + channel] += factor * weight[weights + channel]
            }
          }
        }
      }
    }
    return ReferenceTensor(output, reals: sums)
  }

  static func conv2DInputGradient(
    _ upstream: ReferenceTensor, weight: ReferenceTensor, _ convolution: Convolution, _ output: TensorSpec
  ) -> ReferenceTensor {
    let loops = ConvolutionLoops(
      image: output.shape, weight: weight.shape, result: upstream.shape, convolution)
    var sums = [Double](repeating: 0, count: output.shape.count)
    sums.withUnsafeMutableBufferPointer { sums in
      upstream.reals.withUnsafeBufferPointer { upstream in
        weight.reals.withUnsafeBufferPointer { weight in
          loops.forEachRun { image, weights, results in
            var sum = 0.0
            for channel in 0..<loops.outPerGroup {
              sum += upstream[results + channel] * weight[weights + channel]
            }
            sums[image] += sum
          }
        }
      }
    }
    return ReferenceTensor(output, reals: sums)
  }

  static func conv2DWeightGradient(
    _ x: ReferenceTensor, upstream: ReferenceTensor, _ convolution: Convolution, _ output: TensorSpec
  ) -> ReferenceTensor {
    let loops = ConvolutionLoops(image: x.shape, weight: output.shape, result: upstream.shape, convolution)
    var sums = [Double](repeating: 0, count: output.shape.count)
    sums.withUnsafeMutableBufferPointer { sums in
      x.reals.withUnsafeBufferPointer { x in
        upstream.reals.withUnsafeBufferPointer { upstream in
          loops.forEachRun { image, weights, results in
            let factor = x[image]
            for channel in 0..<loops.outPerGroup {
              sums[weights + channel] += factor * upstream[results + channel]
            }
          }
        }
      }
    }
    return ReferenceTensor(output, reals: sums)
  }
}

/// The loops around the products of a convolution, and where their factors lie.
private struct ConvolutionLoops {
  let image: Shape
  let weight: Shape
  let result: Shape
  let geometry: WindowGeometry
  let groups: Int
  let inPerGroup: Int
  let outPerGroup: Int

  init(image: Shape, weight: Shape, result: Shape, _ convolution: Convolution) {
    self.image = image
    self.weight = weight
    self.result = result
    geometry = convolution.geometry
    groups = convolution.groups
    inPerGroup = weight[2]
    outPerGroup = weight[3] / groups
  }

  /// Calls `body` for every batch, output pixel, kernel tap inside the image, group and channel in: with the
  /// positions of the image's element, and of the weights and results of the group's first channel out.
  @inline(__always)
  func forEachRun(_ body: (_ image: Int, _ weights: Int, _ results: Int) -> Void) {
    for n in 0..<result[0] {
      for y in 0..<result[1] {
        for x in 0..<result[2] {
          for tapY in 0..<weight[0] {
            let imageY = y * geometry.stride.height + tapY * geometry.dilation.height - geometry.padding.top
            guard imageY >= 0, imageY < image[1] else { continue }
            for tapX in 0..<weight[1] {
              let imageX = x * geometry.stride.width + tapX * geometry.dilation.width - geometry.padding.left
              guard imageX >= 0, imageX < image[2] else { continue }
              let pixel = ((n * image[1] + imageY) * image[2] + imageX) * image[3]
              let tap = (tapY * weight[1] + tapX) * inPerGroup
              let target = ((n * result[1] + y) * result[2] + x) * result[3]
              for group in 0..<groups {
                for channel in 0..<inPerGroup {
                  body(
                    pixel + group * inPerGroup + channel,
                    (tap + channel) * weight[3] + group * outPerGroup,
                    target + group * outPerGroup)
                }
              }
            }
          }
        }
      }
    }
  }
}
