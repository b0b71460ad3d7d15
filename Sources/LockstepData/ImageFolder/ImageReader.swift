/// Reads a file once: its header, and its pixels into their place.
struct ImageReader: Sendable {
  let decoder: PNGDecoder
  let format: ImageFormat
  /// Whether images of another size are brought to the format's.
  let isResizing: Bool

  /// What became of a file.
  struct Outcome: Sendable {
    let header: Result<PNGHeader, PNGError>
    /// Why there are no pixels, if a fault of the file is the reason.
    var error: PNGError?
    /// Whether the image has the format's size or was brought to it.
    var fits = true
  }

  /// Fills a slot of the format's size; with zeros where the file is no good or does not fit.
  func read(_ path: String, into slot: UnsafeMutableBufferPointer<UInt8>) -> Outcome {
    // Skipped slots are dropped later, but memory that nothing wrote must not be readable until then.
    slot.initialize(repeating: 0)
    let bytes: [UInt8]
    let header: PNGHeader
    do throws(PNGError) {
      bytes = try PNGDecoder.read(path)
      header = try decoder.header(of: bytes)
    } catch {
      return Outcome(header: .failure(error), error: error)
    }
    var outcome = Outcome(header: .success(header))
    do throws(PNGError) {
      outcome.fits = try decode(bytes, header, into: slot)
    } catch {
      outcome.error = error
    }
    return outcome
  }

  /// Fills a slot with the pixels of a file whose header was found to fit.
  ///
  /// - Returns: why that isn't possible, if it is not.
  func decode(_ path: String, into slot: UnsafeMutableBufferPointer<UInt8>) -> PNGError? {
    let outcome = read(path, into: slot)
    return outcome.error ?? (outcome.fits ? nil : .corrupt("the file changed while it was read"))
  }

  private func decode(
    _ bytes: [UInt8], _ header: PNGHeader, into slot: UnsafeMutableBufferPointer<UInt8>
  ) throws(PNGError) -> Bool {
    let size = ImageSize(width: header.width, height: header.height)
    if size == format.size {
      try decoder.decode(bytes, channels: format.channels, into: slot)
      return true
    }
    guard isResizing else { return false }
    let image = try decoder.decode(bytes, channels: format.channels)
    let resize = BilinearResize(from: size, to: format.size, channels: format.channels.rawValue)
    image.pixels.withUnsafeBufferPointer { resize($0, into: slot) }
    return true
  }
}
