import LockstepBackends
import LockstepComparison
public import LockstepCore
import LockstepTraining

/// The best that was found of a backend with a number of threads: what benchmarks are held against.
public struct MachinePeak: Codable, Hashable, Sendable {
  /// The threads that computed.
  public var threads: Int
  /// Floating-point operations a second of a float32 matrix product, the best call of the best size.
  public var sgemm: Double
  /// Rows and columns of that product.
  public var sgemmSize: Int
  /// The same of float64.
  public var dgemm: Double
  /// Rows and columns of that product.
  public var dgemmSize: Int
  /// Bytes a second of STREAM's triad in this process, on as many threads, the best pass; nil where there was no
  /// memory for it.
  public var bandwidth: Double?

  /// The peak of products of a dtype; nil where none is measured.
  public func products(_ dtype: DType) -> Double? {
    switch dtype {
    case .float32: sgemm
    case .float64: dgemm
    default: nil
    }
  }
}

/// Measures ``MachinePeak``: products on the backend itself, with its threads and its BLAS, by the path that
/// every benchmark takes.
struct PeakMeasurement {
  /// Sizes are tried upwards, as long as one fits into its time.
  private static let sizes = [256, 512, 1000, 2000]
  private static let leastRepetitions = 3
  /// The triad's arrays are far larger than caches: 3 × 64 MB.
  private static let triadCount = 8 << 20
  private static let triadRepetitions = 12

  let device: Device
  /// For each of two dtypes.
  let seconds: Double
  let deadline: Deadline

  func measure() throws -> MachinePeak {
    let single = try products(.float32)
    let double = try products(.float64)
    let threads = device.backend.descriptor.threads
    return MachinePeak(
      threads: threads, sgemm: single.rate, sgemmSize: single.size, dgemm: double.rate,
      dgemmSize: double.size, bandwidth: try Self.bandwidth(threads: threads))
  }

  private func products(_ dtype: DType) throws(BackendError) -> (rate: Double, size: Int) {
    let end = deadline.within(seconds)
    var best = (rate: 0.0, size: Self.sizes[0])
    var secondsPerFLOP = 0.0
    for size in Self.sizes {
      let work = 2 * Double(size) * Double(size) * Double(size)
      let share = end.secondsLeft / 2
      if best.rate > 0, secondsPerFLOP * work * Double(Self.leastRepetitions) > share { break }
      let time = try bestProduct(size, dtype, until: end.within(share))
      secondsPerFLOP = time / work
      if work / time > best.rate { best = (work / time, size) }
    }
    return best
  }

  /// The quickest call; the first ones warm up.
  private func bestProduct(
    _ size: Int, _ dtype: DType, until end: Deadline
  ) throws(BackendError) -> Double {
    let operand = OperandFilling.uniform.tensor(TensorSpec([size, size], dtype), on: device)
    let clock = ContinuousClock()
    var best = Double.infinity
    var count = 0
    repeat {
      let begin = clock.now
      _ = operand.matmul(operand)
      try device.synchronize()
      best = min(best, begin.duration(to: clock.now).seconds)
      count += 1
    } while count < Self.leastRepetitions || !end.hasPassed
    return best
  }

  private static func bandwidth(threads: Int) throws -> Double? {
    let native = try NativeBackend(threads: threads)
    let seconds = native.triadSeconds(elementCount: triadCount, repetitions: triadRepetitions)
    let bytes = Double(3 * 8 * triadCount)
    return seconds.min().map { bytes / $0 }
  }
}
