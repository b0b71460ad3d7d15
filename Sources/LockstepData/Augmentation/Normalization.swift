internal import LockstepCore

/// Brings samples to mean 0 and standard deviation 1, channel by channel: (sample − mean) / deviation, where
/// samples are in 0…1. As torchvision's `Normalize`. It belongs to the model: what it was trained with it must be
/// asked with.
public struct Normalization: Codable, Hashable, Sendable {
  /// The mean of each channel.
  public var mean: [Double]
  /// The standard deviation of each channel.
  public var standardDeviation: [Double]

  /// Creates a normalisation from numbers, one a channel.
  public init(mean: [Double], standardDeviation: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Measures the images of a data set: the mean and the deviation (divisor n) of all samples of a channel. A
  /// channel that is the same everywhere has deviation 1.
  ///
  /// - Throws: ``DatasetError/changedFile(_:)`` if the images are streamed and a file can't be read any more.
  public init(measuring dataset: ImageDataset) throws(DatasetError) {
    let channels = dataset.channels
    var sums = [UInt64](repeating: 0, count: channels)
    var squares = sums
    try dataset.forEachPart { Self.add($0, &sums, &squares) }
    let count = UInt64(max(1, dataset.count * dataset.height * dataset.width))
    mean = sums.map { Double($0) / Double(count) / 255 }
    standardDeviation = zip(sums, squares).map { sum, square in
      // n Σx² − (Σx)², exactly: what is the same everywhere has no deviation at all.
      let spread = UInt128(count) * UInt128(square) - UInt128(sum) * UInt128(sum)
      return spread == 0 ? 1 : Double(spread).squareRoot() / Double(count) / 255
    }
  }

  /// Adds samples, `[…, channels]`, and their squares up by channel: whole numbers, whose sums don't depend on their
  /// order.
  private static func add(_ samples: ArraySlice<UInt8>, _ sums: inout [UInt64], _ squares: inout [UInt64]) {
    let channels = sums.count
    samples.withUnsafeBufferPointer { images in
      for channel in 0..<channels {
        var (sum, square): (UInt64, UInt64) = (0, 0)
        for position in stride(from: channel, to: images.count, by: channels) {
          let sample = UInt64(images[position])
          sum &+= sample
          square &+= sample &* sample
        }
        sums[channel] += sum
        squares[channel] += square
      }
    }
  }

  /// Why the numbers make no sense for images of so many channels, in one line; nil if they do.
  public func problem(channels: Int) -> String? {
    guard mean.count == channels, standardDeviation.count == channels else {
      return
        "the normalisation has \(mean.count) means and \(standardDeviation.count) deviations, the images "
        + "have \(channels) channels"
    }
    return problem
  }

  /// Why the numbers make no sense at all; nil if they do.
  public var problem: String? {
    if mean.isEmpty || mean.count != standardDeviation.count {
      return
        "a normalisation needs as many means as deviations, not \(mean.count) and \(standardDeviation.count)"
    }
    if let number = mean.first(where: { !$0.isFinite }) { return "a mean must be a number, not \(number)" }
    if let number = standardDeviation.first(where: { !(Float($0) > 0 && $0.isFinite) }) {
      return "a standard deviation must be a number above 0, not \(number)"
    }
    return nil
  }

  /// Normalises samples in 0…1, `[…, channels]`, in place; in float32, as PyTorch does.
  public func apply(to samples: inout [Float]) {
    samples.withUnsafeMutableBufferPointer { apply(to: $0) }
  }

  func apply(to samples: UnsafeMutableBufferPointer<Float>) {
    if mean.count == 1 {
      // One loop over all samples becomes vector instructions.
      let (mean, deviation) = (Float(mean[0]), Float(standardDeviation[0]))
      for position in samples.indices { samples[position] = (samples[position] - mean) / deviation }
      return
    }
    for channel in mean.indices {
      let (mean, deviation) = (Float(mean[channel]), Float(standardDeviation[channel]))
      for position in stride(from: channel, to: samples.count, by: self.mean.count) {
        samples[position] = (samples[position] - mean) / deviation
      }
    }
  }
}

extension Normalization: CustomStringConvertible {
  /// The numbers to four digits, such as `mean 0.2860, deviation 0.3530`.
  public var description: String {
    func list(_ numbers: [Double]) -> String {
      numbers.map { NumberFormat.fixed($0, 4) }.joined(separator: " ")
    }
    return "mean \(list(mean)), deviation \(list(standardDeviation))"
  }
}
