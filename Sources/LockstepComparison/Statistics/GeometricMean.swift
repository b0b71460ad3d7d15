#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The middle of positive numbers that are disturbed in proportion, such as times.
public struct GeometricMean: Codable, Hashable, Sendable {
  /// The mean.
  public var value: Double
  /// The interval it lies in with 95 % confidence; nil of a single number.
  public var interval: ClosedRange<Double>?

  /// Student's t interval of the logarithms.
  ///
  /// - Returns: nil unless there is a number, and all are positive and finite.
  public init?(of numbers: [Double]) {
    guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let logarithms = numbers.map { log($0) }
    value = exp(logarithms.mean)
    guard numbers.count > 1 else { return }
    let error = logarithms.standardDeviation / Double(numbers.count).squareRoot()
    let width = StudentT(degreesOfFreedom: Double(numbers.count - 1)).quantile(0.975) * error
    interval = exp(logarithms.mean - width)...exp(logarithms.mean + width)
  }
}
