internal import LockstepCore

extension PNGImage {
  /// The image brought to a size, bilinearly with half-pixel centres, without antialiasing, as
  /// ``ImageFolder`` does it. Traps on a side below 1.
  public func resized(to size: ImageSize) -> PNGImage {
    trap(unless: size.width >= 1 && size.height >= 1, "can't resize to \(size)")
    let resize = BilinearResize(
      from: ImageSize(width: width, height: height), to: size, channels: channels.rawValue)
    let count = size.width * size.height * channels.rawValue
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      pixels.withUnsafeBufferPointer { resize($0, into: target) }
      initialized = count
    }
    return PNGImage(width: size.width, height: size.height, channels: channels, pixels: result)
  }
}
