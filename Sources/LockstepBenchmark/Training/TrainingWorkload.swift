public import LockstepCore
import LockstepData
public import LockstepNN
public import LockstepTraining

/// A model whose training and inference are measured, on images that are made in memory.
public struct TrainingWorkload {
  /// The model's name.
  public let name: String
  /// Rows, columns and samples of a pixel.
  public let image: Shape
  /// Classes of the images.
  public let classCount: Int
  /// How it is trained; the batch size is the benchmark's.
  public let configuration: TrainingConfiguration
  /// Makes the model for such images, built and not initialised.
  public let makeModel: () throws -> Sequential

  /// Describes a workload.
  public init(
    name: String, image: Shape, classCount: Int, configuration: TrainingConfiguration,
    makeModel: @escaping () throws -> Sequential
  ) {
    self.name = name
    self.image = image
    self.classCount = classCount
    self.configuration = configuration
    self.makeModel = makeModel
  }

  /// Batches an epoch has at least: a loader starts with each.
  private static let leastBatches = 16
  private static let leastImages = 1024
  private static let seed: UInt64 = 6

  /// Images of random pixels, of a class that a brighter band of rows shows: they can be learned, so that a
  /// training does not run away.
  func images(batchSize: Int) -> ImageDataset {
    let count = max(Self.leastImages, Self.leastBatches * batchSize)
    let (height, rowSize) = (image[0], image[1] * image[2])
    var random = RandomStream(seed: Self.seed, purpose: .experiment, index: 1)
    let noise = (0..<1 << 12).map { _ in UInt8(random.next(below: 128)) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * height * rowSize)
    for index in 0..<count {
      let bright = index % classCount * height / classCount
      for row in 0..<height {
        let start = random.next(below: noise.count)
        let offset: UInt8 = row == bright ? 127 : 0
        for column in 0..<rowSize { pixels.append(noise[(start + column) % noise.count] + offset) }
      }
    }
    return dataset(pixels, labels: (0..<count).map { Int32($0 % classCount) }, .train)
  }

  /// None, in the place of images to test on.
  var noImages: ImageDataset { dataset([], labels: [], .test) }

  private func dataset(_ pixels: [UInt8], labels: [Int32], _ split: Split) -> ImageDataset {
    ImageDataset(
      split: split, images: pixels, labels: labels, height: image[0], width: image[1], channels: image[2],
      classNames: (0..<classCount).map { "class \($0)" })
  }
}
