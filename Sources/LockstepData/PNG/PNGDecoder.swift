internal import LockstepCore
import CLockstepPNG

/// Reads PNG: every colour type, bit depth, interlacing, palettes and transparency.
///
/// 16-bit samples v become round(v / 257); 1, 2 and 4-bit samples are spread over 0…255. Alpha is *dropped*,
/// not composited, when gray or RGB is asked for (Pillow's and so Keras' convention). Gamma and colour
/// profiles are not applied. Every chunk's check sum is verified, and a file without its end is an error even
/// if all pixels are there.
public struct PNGDecoder: Sendable {
  /// 64 megapixels: 256 MB as RGBA, more than any training image, less than a small machine's memory.
  public static let defaultPixelLimit = 64_000_000

  /// Images of more pixels are refused before anything of their size is allocated.
  public var pixelLimit: Int

  /// Creates a decoder that refuses images of more than `pixelLimit` pixels.
  public init(pixelLimit: Int = PNGDecoder.defaultPixelLimit) {
    trap(unless: pixelLimit >= 0, "the pixel limit must not be negative: \(pixelLimit)")
    self.pixelLimit = pixelLimit
  }

  /// Reads what comes before the pixels, and refuses images over the limit.
  public func header(of bytes: [UInt8]) throws(PNGError) -> PNGHeader {
    var header = lpng_header()
    var failure = lpng_failure()
    let status = lpng_read_header(bytes, bytes.count, &header, &failure)
    guard status == LPNG_OK else { throw Self.error(status, failure, bytes) }
    let result = PNGHeader(header)
    // The sides are below 2³¹, so the product fits.
    guard result.width * result.height <= pixelLimit else {
      throw .tooLarge(width: result.width, height: result.height, pixelLimit: pixelLimit)
    }
    return result
  }

  /// Decodes to the channels asked for; by default gray for gray files, RGB for all others.
  public func decode(
    _ bytes: [UInt8], channels: PNGImage.Channels? = nil
  ) throws(PNGError) -> PNGImage {
    let header = try header(of: bytes)
    let channels = channels ?? (header.isGray ? .gray : .rgb)
    let count = header.width * header.height * channels.rawValue
    var failure: PNGError?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(PNGError) {
        try decode(bytes, channels: channels, into: buffer)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return PNGImage(width: header.width, height: header.height, channels: channels, pixels: pixels)
  }

  /// Reads and decodes a file.
  public func decode(
    contentsOf path: String, channels: PNGImage.Channels? = nil
  ) throws(PNGError) -> PNGImage {
    try decode(try Self.read(path), channels: channels)
  }

  /// Reads a file's header from its first bytes, or from all of it if they are not enough.
  public func header(ofFile path: String) throws(PNGError) -> PNGHeader {
    // Enough for all but files with much text or a colour profile in front.
    let prefix: [UInt8]
    do throws(FileError) {
      prefix = try FileReader.readPrefix(path, count: 4096)
    } catch {
      throw .unreadable(error)
    }
    do throws(PNGError) {
      return try header(of: prefix)
    } catch {
      guard case .truncated = error else { throw error }
      return try header(of: try Self.read(path))
    }
  }

  /// Decodes into memory of exactly the image's size, which is overwritten in part even on failure.
  func decode(
    _ bytes: [UInt8], channels: PNGImage.Channels, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(PNGError) {
    var failure = lpng_failure()
    let status = lpng_decode(
      bytes, bytes.count, Int32(channels.rawValue), UInt64(pixelLimit), buffer.baseAddress, buffer.count,
      &failure)
    guard status == LPNG_OK else { throw Self.error(status, failure, bytes) }
  }

  static func read(_ path: String) throws(PNGError) -> [UInt8] {
    do throws(FileError) {
      return try FileReader.read(path)
    } catch {
      throw .unreadable(error)
    }
  }

  private static func error(_ status: lpng_status, _ failure: lpng_failure, _ bytes: [UInt8]) -> PNGError {
    switch status {
    case LPNG_NOT_PNG: .notPNG(bytes.withUnsafeBufferPointer { FileKind(of: $0) })
    case LPNG_TRUNCATED: .truncated(byteCount: bytes.count)
    case LPNG_OUT_OF_MEMORY: .outOfMemory
    default: .corrupt(failure.text)
    }
  }
}

extension lpng_failure {
  var text: String {
    withUnsafeBytes(of: message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
