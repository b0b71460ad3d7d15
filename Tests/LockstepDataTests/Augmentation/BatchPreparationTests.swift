import LockstepCore
import LockstepData
import Testing

@Suite("Preparing batches")
struct BatchPreparationTests {
  private static let everything = Augmentation(
    crop: 1, flip: .both, rotation: 20, brightness: 0.3, contrast: 0.3, erasing: 0.5)

  /// `count` images of 6×5 pixels without order.
  private static func dataset(count: Int = 12, channels: Int = 1) -> ImageDataset {
    var random = RandomStream(seed: 9, purpose: .user, index: 1)
    return ImageDataset(
      split: .train, images: (0..<count * 30 * channels).map { _ in UInt8(random.next(below: 256)) },
      labels: (0..<count).map { Int32($0 % 3) }, height: 6, width: 5, channels: channels,
      classNames: ["x", "y", "z"])
  }

  private static func pixels(_ batch: HostBatch, image: Int) -> [Float] {
    let size = batch.pixels.count / batch.count
    return Array(batch.pixels[image * size..<(image + 1) * size])
  }

  @Test("without settings a batch is the images as they are")
  func plain() throws {
    let dataset = Self.dataset()
    let batch = try BatchPreparation(seed: 4).batch(of: [3, 0, 7], from: dataset, epoch: 2, number: 1)
    #expect(try batch == dataset.batch(of: [3, 0, 7]))
  }

  @Test("how an image is varied depends on seed, epoch and image, and on nothing else")
  func pure() throws {
    let dataset = Self.dataset(channels: 3)
    func image(seed: UInt64 = 1, epoch: Int = 1, of indices: [Int] = [5], number: Int = 0) throws -> [Float] {
      let preparation = BatchPreparation(augmentation: Self.everything, seed: seed)
      let batch = try preparation.batch(of: indices, from: dataset, epoch: epoch, number: number)
      return Self.pixels(batch, image: indices.firstIndex(of: 5)!)
    }
    #expect(try image() == image(of: [0, 5, 1], number: 7))
    #expect(try image() != image(epoch: 2))
    #expect(try image() != image(seed: 2))
    #expect(try image().allSatisfy { (0...1).contains($0) })
  }

  @Test("a loader varies by its seed and epoch")
  func loader() throws {
    let dataset = Self.dataset()
    let loader = BatchLoader(
      dataset, batchSize: 5, seed: 6, augmentation: Augmentation(crop: 1, mixup: 1),
      normalization: Normalization(mean: [0.5], standardDeviation: [0.25]))
    let preparation = BatchPreparation(
      augmentation: Augmentation(crop: 1, mixup: 1),
      normalization: Normalization(mean: [0.5], standardDeviation: [0.25]), seed: 6)
    let expected = try loader.sampler.batches(epoch: 3).enumerated().map { number, indices in
      try preparation.batch(of: indices, from: dataset, epoch: 3, number: number)
    }
    #expect(try loader.batches(epoch: 3).rest() == expected)
  }

  @Test("streamed images are varied, mixed and normalised like images in memory")
  func streamed() throws {
    let kept = try ImageFolder.load(Fixtures.digits).test
    let streamed = try ImageFolder.load(Fixtures.digits, options: .init(isStreamed: true)).test
    let normalization = try Normalization(measuring: kept)
    #expect(try Normalization(measuring: streamed) == normalization)
    var augmentation = Self.everything
    augmentation.mixup = 0.4
    let batches = [kept, streamed].map {
      BatchLoader($0, batchSize: 90, seed: 3, augmentation: augmentation, normalization: normalization)
        .batches(epoch: 1)
    }
    #expect(try batches[0].rest() == batches[1].rest())
  }

  @Test("mixup adds each image to another of the batch, in the share that its label keeps")
  func mixup() throws {
    let dataset = Self.dataset()
    let indices = Array(0..<12)
    let plain = try dataset.batch(of: indices)
    let batch = try BatchPreparation(augmentation: Augmentation(mixup: 1), seed: 2)
      .batch(of: indices, from: dataset, epoch: 0, number: 0)
    let mixture = try #require(batch.mixture)
    #expect(batch.labels == plain.labels)
    #expect((0.01...0.99).contains(mixture.share))
    var partners: Set<Int> = []
    for image in indices {
      let found = Self.pixels(batch, image: image)
      let partner = indices.first { other in
        zip(found, zip(Self.pixels(plain, image: image), Self.pixels(plain, image: other))).allSatisfy {
          $0 == mixture.share * $1.0 + (1 - mixture.share) * $1.1
        }
      }
      let known = try #require(partner, "image \(image) is no mixture")
      #expect(mixture.labels[image] == plain.labels[known])
      partners.insert(known)
    }
    #expect(partners.count == 12)
  }

  @Test("cutmix puts a rectangle of another image in, whose area is the label's loss")
  func cutmix() throws {
    let dataset = Self.dataset()
    let indices = Array(0..<12)
    let plain = try dataset.batch(of: indices)
    var areas: Set<Int> = []
    for number in 0..<20 {
      let batch = try BatchPreparation(augmentation: Augmentation(cutmix: 1), seed: 2)
        .batch(of: indices, from: dataset, epoch: 0, number: number)
      let mixture = try #require(batch.mixture)
      let area = Int(((1 - mixture.share) * 30).rounded())
      areas.insert(area)
      for image in indices {
        let (found, own) = (Self.pixels(batch, image: image), Self.pixels(plain, image: image))
        let foreign = found.indices.filter { found[$0] != own[$0] }
        // The partner may be the image itself, and a pixel of both may be the same.
        #expect(foreign.count <= area)
        guard !foreign.isEmpty else { continue }
        let fits = indices.contains { other in
          let theirs = Self.pixels(plain, image: other)
          return mixture.labels[image] == plain.labels[other]
            && foreign.allSatisfy { found[$0] == theirs[$0] }
        }
        #expect(fits)
        let (rows, columns) = (foreign.map { $0 / 5 }, foreign.map { $0 % 5 })
        let box = (rows.max()! - rows.min()! + 1) * (columns.max()! - columns.min()! + 1)
        #expect(box <= area && foreign.count >= box - 2)
      }
    }
    #expect(areas.count > 3, "areas vary")
  }

  @Test("with both, a batch gets one or the other")
  func both() throws {
    let dataset = Self.dataset()
    let plain = try dataset.batch(of: [0, 1, 2, 3])
    var blended = 0
    for number in 0..<40 {
      let batch = try BatchPreparation(augmentation: Augmentation(mixup: 1, cutmix: 1), seed: 5)
        .batch(of: [0, 1, 2, 3], from: dataset, epoch: 0, number: number)
      // A blend makes samples that no image has.
      if !Set(batch.pixels).isSubset(of: Set(plain.pixels)) { blended += 1 }
    }
    #expect((10...30).contains(blended))
  }
}
