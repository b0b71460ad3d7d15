#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A curve in one line of a terminal: a block for each stretch, as high as its values are.
public struct Sparkline: Hashable, Sendable {
  private let values: [Double]

  /// Creates a line for values in their order; those that are not finite are gaps.
  ///
  /// - Parameters:
  ///   - values: the values, from the left.
  ///   - scale: how heights are laid out; by the logarithm, numbers of 0 and less are gaps.
  public init(_ values: [Double], _ scale: Chart.Axis.Scale = .linear) {
    self.values = scale == .logarithmic ? values.map { $0 > 0 ? log10($0) : .nan } : values
  }

  /// The line in at most `width` columns.
  ///
  /// - Parameters:
  ///   - width: columns; longer curves become the means of stretches.
  ///   - style: what the terminal can show.
  public func text(width: Int, style: TextStyle = TextStyle()) -> String {
    let means = stretches(max(1, width))
    let finite = means.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "" }
    let blocks = Array(style.isUnicode ? "▁▂▃▄▅▆▇█" : "_.-~=*^#")
    return String(
      means.map { mean in
        guard mean.isFinite else { return " " }
        let share = high > low ? (mean - low) / (high - low) : 0.5
        return blocks[min(blocks.count - 1, Int(share * Double(blocks.count)))]
      })
  }

  /// The mean of each of at most `count` stretches of nearly one length; NaN where there is no finite value.
  private func stretches(_ count: Int) -> [Double] {
    let count = min(count, values.count)
    return (0..<count).map { index in
      let part = values[(index * values.count / count)..<((index + 1) * values.count / count)]
      let finite = part.filter(\.isFinite)
      return finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
    }
  }
}
