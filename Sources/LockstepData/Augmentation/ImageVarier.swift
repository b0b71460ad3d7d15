internal import LockstepCore

/// Carries out what is to happen to an image, from bytes to the samples that a model sees.
struct ImageVarier {
  let height: Int
  let width: Int
  let channels: Int
  let normalization: Normalization?

  /// Fills `result`, which is initialised, with the image's samples as they become.
  func vary(
    _ image: UnsafeBufferPointer<UInt8>, _ variation: ImageVariation,
    into result: UnsafeMutableBufferPointer<Float>
  ) {
    if variation.angle == 0 {
      place(image, variation, into: result)
    } else {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: result.count) { scratch in
        place(image, variation, into: scratch)
        turn(UnsafeBufferPointer(scratch), by: variation.angle, into: result)
      }
    }
    if variation.brightness != 1 { brighten(result, by: variation.brightness) }
    if variation.contrast != 1 { spread(result, by: variation.contrast) }
    normalization?.apply(to: result)
    if let erased = variation.erased { erase(erased, of: result) }
  }

  /// Moves and mirrors.
  private func place(
    _ image: UnsafeBufferPointer<UInt8>, _ variation: ImageVariation,
    into result: UnsafeMutableBufferPointer<Float>
  ) {
    var position = 0
    for row in 0..<height {
      let sourceRow = (variation.isUpsideDown ? height - 1 - row : row) + variation.firstRow
      for column in 0..<width {
        let sourceColumn = (variation.isMirrored ? width - 1 - column : column) + variation.firstColumn
        let isInside =
          sourceRow >= 0 && sourceRow < height && sourceColumn >= 0 && sourceColumn < width
        let source = (sourceRow * width + sourceColumn) * channels
        for channel in 0..<channels {
          result[position] = isInside ? Float(image[source + channel]) / 255 : 0
          position += 1
        }
      }
    }
  }

  /// Turns around the centre, counterclockwise: a pixel's samples are the bilinear mean of the four around the
  /// place it comes from, those outside being black.
  private func turn(
    _ image: UnsafeBufferPointer<Float>, by angle: Double, into result: UnsafeMutableBufferPointer<Float>
  ) {
    let (exactSine, exactCosine) = PortableFunctions.sineAndCosine(degrees: angle)
    let (sine, cosine) = (Float(exactSine), Float(exactCosine))
    let (middleRow, middleColumn) = (Float(height - 1) / 2, Float(width - 1) / 2)
    var position = 0
    for row in 0..<height {
      let y = Float(row) - middleRow
      for column in 0..<width {
        let x = Float(column) - middleColumn
        let sourceColumn = cosine * x - sine * y + middleColumn
        let sourceRow = sine * x + cosine * y + middleRow
        interpolate(image, sourceRow, sourceColumn, into: result, at: position)
        position += channels
      }
    }
  }

  @inline(__always)
  private func interpolate(
    _ image: UnsafeBufferPointer<Float>, _ row: Float, _ column: Float,
    into result: UnsafeMutableBufferPointer<Float>, at position: Int
  ) {
    let (top, start) = (row.floor, column.floor)
    let (down, right) = (row - Float(top), column - Float(start))
    let isWithin = top >= 0 && top + 1 < height && start >= 0 && start + 1 < width
    let corner = (top * width + start) * channels
    for channel in 0..<channels {
      if isWithin {
        let place = corner + channel
        let upper = image[place] * (1 - right) + image[place + channels] * right
        let next = place + width * channels
        let lower = image[next] * (1 - right) + image[next + channels] * right
        result[position + channel] = upper * (1 - down) + lower * down
        continue
      }
      func sample(_ row: Int, _ column: Int) -> Float {
        guard row >= 0, row < height, column >= 0, column < width else { return 0 }
        return image[(row * width + column) * channels + channel]
      }
      let upper = sample(top, start) * (1 - right) + sample(top, start + 1) * right
      let lower = sample(top + 1, start) * (1 - right) + sample(top + 1, start + 1) * right
      result[position + channel] = upper * (1 - down) + lower * down
    }
  }

  /// The channels that hold light: transparency stays as it is.
  private var colourCount: Int { channels == 4 ? 3 : channels }

  private func brighten(_ image: UnsafeMutableBufferPointer<Float>, by factor: Float) {
    changeColours(of: image) { $0 * factor }
  }

  /// Multiplies the distance from the mean of the image in gray.
  private func spread(_ image: UnsafeMutableBufferPointer<Float>, by factor: Float) {
    let mean = meanGray(of: image) * (1 - factor)
    changeColours(of: image) { $0 * factor + mean }
  }

  @inline(__always)
  private func changeColours(
    of image: UnsafeMutableBufferPointer<Float>, _ change: (Float) -> Float
  ) {
    for start in stride(from: 0, to: image.count, by: channels) {
      for position in start..<(start + colourCount) {
        image[position] = min(1, max(0, change(image[position])))
      }
    }
  }

  /// The mean luma by ITU-R 601 with torchvision's digits, added up in double precision.
  private func meanGray(of image: UnsafeMutableBufferPointer<Float>) -> Float {
    let weights = colourCount == 3 ? [0.2989, 0.587, 0.114] : [1]
    var sum = 0.0
    for start in stride(from: 0, to: image.count, by: channels) {
      for channel in 0..<colourCount { sum += weights[channel] * Double(image[start + channel]) }
    }
    return Float(sum / Double(height * width))
  }

  private func erase(_ part: ImageVariation.Rectangle, of image: UnsafeMutableBufferPointer<Float>) {
    for row in part.top..<(part.top + part.height) {
      let start = (row * width + part.left) * channels
      for position in start..<(start + part.width * channels) { image[position] = 0 }
    }
  }
}

extension Float {
  /// The next whole number below: `rounded(.down)` is a call of the C library on older processors.
  fileprivate var floor: Int {
    let whole = Int(self)
    return Float(whole) > self ? whole - 1 : whole
  }
}
