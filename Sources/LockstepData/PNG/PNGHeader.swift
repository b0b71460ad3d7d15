internal import LockstepCore
import CLockstepPNG

/// What a PNG says about itself before its pixels.
public struct PNGHeader: Sendable, Hashable {
  /// How the file stores a pixel.
  public enum ColorType: UInt8, Sendable, Hashable, CaseIterable {
    /// One sample.
    case gray = 0
    /// Red, green, blue.
    case rgb = 2
    /// An index into a list of colours.
    case palette = 3
    /// One sample, and how opaque it is.
    case grayAlpha = 4
    /// Red, green, blue, and how opaque they are.
    case rgbAlpha = 6
  }

  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// How the file stores a pixel.
  public let colorType: ColorType
  /// Bits of a sample in the file: 1, 2, 4, 8 or 16.
  public let bitDepth: Int
  /// Whether the rows come in Adam7's seven passes.
  public let isInterlaced: Bool
  /// Whether there is an alpha channel or a `tRNS` chunk.
  public let hasTransparency: Bool
  /// Whether the file can hold only grays: a gray colour type, or a palette of grays. An RGB file whose
  /// pixels happen to be gray does not count, since that takes decoding it.
  public let isGray: Bool

  init(_ header: lpng_header) {
    width = Int(header.width)
    height = Int(header.height)
    guard let type = ColorType(rawValue: header.color_type) else {
      trap("libpng let colour type \(header.color_type) pass")
    }
    colorType = type
    bitDepth = Int(header.bit_depth)
    isInterlaced = header.is_interlaced
    hasTransparency = header.has_transparency
    isGray = header.is_gray
  }
}
