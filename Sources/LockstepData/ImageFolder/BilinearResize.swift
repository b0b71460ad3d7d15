internal import LockstepCore

/// Bilinear resizing with half-pixel centres, without antialiasing, in exact integer arithmetic: the same
/// bytes on every machine.
///
/// Output pixel o takes its value at the input position (o + 1/2) · input/output − 1/2, between the two
/// nearest pixels of each axis, clamped at the borders; halves round up. This is PyTorch's
/// `interpolate(mode: "bilinear", align_corners: False)`. Shrinking to less than half skips input pixels.
struct BilinearResize: Sendable {
  private let input: ImageSize
  private let output: ImageSize
  private let channels: Int
  private let columns: [Tap]
  private let rows: [Tap]

  /// Two neighbours of an axis and the weight of the second, in 1/(2 · output) of a pixel.
  private struct Tap {
    let first: Int
    let second: Int
    let weight: Int
  }

  init(from input: ImageSize, to output: ImageSize, channels: Int) {
    self.input = input
    self.output = output
    self.channels = channels
    columns = Self.taps(input: input.width, output: output.width)
    rows = Self.taps(input: input.height, output: output.height)
  }

  func callAsFunction(
    _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    trap(unless: source.count == input.width * input.height * channels, "input of another size")
    trap(unless: target.count == output.width * output.height * channels, "output of another size")
    var next = 0
    for row in rows {
      for column in columns {
        for channel in 0..<channels {
          target[next] = interpolate(source, row, column, channel)
          next += 1
        }
      }
    }
  }

  private func interpolate(
    _ source: UnsafeBufferPointer<UInt8>, _ row: Tap, _ column: Tap, _ channel: Int
  ) -> UInt8 {
    let columnUnit = 2 * output.width
    let rowUnit = 2 * output.height
    func alongRow(_ y: Int) -> Int {
      let start = y * input.width
      let first = Int(source[(start + column.first) * channels + channel])
      let second = Int(source[(start + column.second) * channels + channel])
      return first * (columnUnit - column.weight) + second * column.weight
    }
    let sum = alongRow(row.first) * (rowUnit - row.weight) + alongRow(row.second) * row.weight
    let unit = columnUnit * rowUnit
    return UInt8((sum + unit / 2) / unit)
  }

  private static func taps(input: Int, output: Int) -> [Tap] {
    let unit = 2 * output
    return (0..<output).map { index in
      // (index + 1/2) · input/output − 1/2 in units of 1/(2 · output), clamped to the first pixel.
      let position = max((2 * index + 1) * input - output, 0)
      let first = position / unit
      return Tap(first: first, second: min(first + 1, input - 1), weight: position % unit)
    }
  }
}
