import CLockstepPNG

/// Writes PNG: 8-bit gray, RGB or RGBA, not interlaced.
public enum PNGEncoder {
  /// The image as the bytes of a PNG file.
  public static func encode(_ image: PNGImage) throws(PNGError) -> [UInt8] {
    let sides = 1...Int(Int32.max)
    guard sides.contains(image.width), sides.contains(image.height) else {
      throw .invalidImage("a PNG has no sides of \(image.width)x\(image.height)")
    }
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var failure = lpng_failure()
    let status = lpng_encode(
      image.pixels, UInt32(image.width), UInt32(image.height), Int32(image.channels.rawValue), &encoded,
      &count, &failure)
    guard status == LPNG_OK, let encoded else {
      throw status == LPNG_OUT_OF_MEMORY ? .outOfMemory : .invalidImage(failure.text)
    }
    defer { lpng_free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }
}
