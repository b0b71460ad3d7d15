internal import LockstepCore

/// An 8-bit image in memory, rows from the top, channels interleaved: `[height, width, channels]`.
public struct PNGImage: Sendable, Hashable {
  /// The channels pixels are converted to.
  public enum Channels: Int, Sendable, Hashable, CaseIterable {
    /// One: ITU-R 601 luma of colour images, `(19595 R + 38470 G + 7471 B + 32768) >> 16`, as in Pillow.
    case gray = 1
    /// Three: red, green, blue.
    case rgb = 3
    /// Four: red, green, blue, alpha (not premultiplied; 255 is opaque).
    case rgba = 4
  }

  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// What the samples of a pixel mean.
  public let channels: Channels
  /// `height * width * channels` samples.
  public let pixels: [UInt8]

  /// Creates an image; traps unless `pixels` has `height * width * channels` samples.
  public init(width: Int, height: Int, channels: Channels, pixels: [UInt8]) {
    trap(
      unless: width >= 0 && height >= 0 && pixels.count == width * height * channels.rawValue,
      "\(pixels.count) samples for an image of \(width)x\(height)x\(channels.rawValue)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}
