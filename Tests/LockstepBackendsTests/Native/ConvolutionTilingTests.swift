import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

/// Convolutions whose patches don't fit a tile, with tiles that end within rows, images and shards. On whole
/// numbers sums are exact, so a patch that is left out or taken twice is seen whatever its size.
@Suite("Tiles of convolutions")
struct ConvolutionTilingTests {
  /// A tile holds 256 KiB of patches: 2330 pixels of 3x3x3, 113 of 3x3x64, 6 of 3x3x1024, and half in float64.
  private static let examples: [(batch: Int, image: Size2D, channels: Int, stride: Size2D)] = [
    (3, Size2D(height: 31, width: 29), 3, 1), (2, Size2D(height: 13, width: 11), 64, 1),
    (2, Size2D(height: 13, width: 11), 64, 2), (1, Size2D(height: 5, width: 7), 1024, 1),
    (17, Size2D(height: 9, width: 8), 16, 1), (17, Size2D(height: 9, width: 8), 16, 2),
    (1, Size2D(height: 40, width: 41), 16, 2),
  ]

  @Test(
    "are joined without gap or overlap", arguments: NativeBackend.availableISALevels,
    [DType.float32, .float64])
  func agree(_ level: String, _ dtype: DType) throws {
    let cases = try Self.examples.flatMap { example in
      try Self.cases(example.batch, example.image, example.channels, example.stride, dtype)
    }
    let backend = try NativeBackend(threads: 3, isaLevel: level)
    let report = Conformance.run(backend, against: ReferenceBackend(), cases: cases)
    #expect(report.passed, "\(report)")
  }

  private static func cases(
    _ batch: Int, _ image: Size2D, _ channels: Int, _ stride: Size2D, _ dtype: DType
  ) throws -> [ConformanceCase] {
    let padding = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)
    let convolution = Convolution(WindowGeometry(stride: stride, padding: padding))
    let x = TensorSpec([batch, image.height, image.width, channels], dtype)
    let weight = TensorSpec([3, 3, channels, 5], dtype)
    let result = try Operation.conv2D(convolution).inferOutputs([x, weight])[0]
    func whole(_ spec: TensorSpec) -> CaseInput { CaseInput(spec.shape, spec.dtype, .whole(-4...4)) }
    let gradients: [Operation] = [
      .conv2DInputGradient(convolution, height: image.height, width: image.width),
      .conv2DWeightGradient(convolution, kernelHeight: 3, kernelWidth: 3),
    ]
    return [
      ConformanceCase("\(x.shape)", .conv2D(convolution), [whole(x), whole(weight)], .equal),
      ConformanceCase("\(x.shape)", gradients[0], [whole(result), whole(weight)], .equal),
      ConformanceCase("\(x.shape)", gradients[1], [whole(x), whole(result)], .equal),
    ]
  }
}
