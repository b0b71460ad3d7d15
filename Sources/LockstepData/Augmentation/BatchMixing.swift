internal import LockstepCore

/// A batch whose images are mixed of two: how much of each image's loss is that of its own label, the rest being
/// that of another.
public struct BatchMixture: Sendable, Equatable {
  /// The other class of each image.
  public let labels: [Int32]
  /// The share of an image's own class, 0…1.
  public let share: Float

  /// Creates a mixture.
  public init(labels: [Int32], share: Float) {
    self.labels = labels
    self.share = share
  }
}

/// How the images of one batch are mixed: mixup or cutmix, with which partners, in which share.
struct BatchMixing {
  private enum Way {
    /// Each image is added to its partner.
    case blend(share: Float)
    /// A part of each is its partner's.
    case patch(ImageVariation.Rectangle)
  }

  private let partners: [Int]
  private let way: Way
  private let share: Float

  /// Draws for a batch of images of a size; nil where nothing is mixed.
  init?(_ settings: Augmentation, count: Int, height: Int, width: Int, _ random: inout RandomStream) {
    guard settings.mixesImages, count > 0 else { return nil }
    let patches =
      settings.mixup == 0 || (settings.cutmix > 0 && random.next() & 1 == 1)
    let drawn = random.beta(patches ? settings.cutmix : settings.mixup)
    if patches {
      let part = ImageVariation.Rectangle(
        cutting: (1 - drawn).squareRoot(), of: height, width, &random)
      way = .patch(part)
      share = 1 - Float(part.height * part.width) / Float(height * width)
    } else {
      share = Float(drawn)
      way = .blend(share: share)
    }
    partners = Array(0..<count).shuffled(by: &random)
  }

  /// The batch with its images mixed.
  func mix(_ batch: HostBatch, width: Int, channels: Int) -> HostBatch {
    let size = batch.pixels.count / max(1, batch.count)
    var pixels = batch.pixels
    switch way {
    case .blend(let share):
      batch.pixels.withUnsafeBufferPointer { original in
        pixels.withUnsafeMutableBufferPointer { pixels in
          for (image, partner) in partners.enumerated() {
            let (own, other) = (image * size, partner * size)
            for offset in 0..<size {
              pixels[own + offset] = share * original[own + offset] + (1 - share) * original[other + offset]
            }
          }
        }
      }
    case .patch(let part):
      for (image, partner) in partners.enumerated() {
        for row in part.top..<(part.top + part.height) {
          let start = (row * width + part.left) * channels
          let (from, to) = (partner * size + start, image * size + start)
          for offset in 0..<(part.width * channels) { pixels[to + offset] = batch.pixels[from + offset] }
        }
      }
    }
    return HostBatch(
      pixels: pixels, labels: batch.labels, indices: batch.indices,
      mixture: BatchMixture(labels: partners.map { batch.labels[$0] }, share: share))
  }
}

extension ImageVariation.Rectangle {
  /// A part whose sides are so much of the image's, around a point anywhere in it; what lies outside is cut off, as
  /// in the paper's code.
  fileprivate init(cutting side: Double, of height: Int, _ width: Int, _ random: inout RandomStream) {
    func range(_ length: Int) -> Range<Int> {
      let cut = Int(Double(length) * side)
      let middle = random.next(below: length)
      return max(0, middle - cut / 2)..<min(length, middle + cut / 2)
    }
    let (rows, columns) = (range(height), range(width))
    self.init(top: rows.lowerBound, left: columns.lowerBound, height: rows.count, width: columns.count)
  }
}
