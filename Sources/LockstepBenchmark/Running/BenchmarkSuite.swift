import LockstepComparison
public import LockstepCore

/// Benchmarks that belong together, by name.
public struct BenchmarkSuite {
  /// The suite's name.
  public let name: String
  let subjects: [BenchmarkSubject]

  init(_ name: String, _ subjects: [BenchmarkSubject]) {
    self.name = name
    self.subjects = subjects
  }

  /// The benchmarks' names, in the order they are run.
  public var names: [String] { subjects.map(\.name) }

  /// The benchmarks whose names contain a text.
  public func filtered(by text: String) -> BenchmarkSuite {
    BenchmarkSuite(name, subjects.filter { $0.name.contains(text) })
  }

  /// Every operation at sizes that matter.
  public static var operations: BenchmarkSuite {
    let all = OperationBenchmark.all
    let image = OperationBenchmark.example(.convolution)
    let subjects = all.flatMap { operation in
      operation.name == image.name
        ? [BenchmarkSubject(operation), BenchmarkSubject(firstCallOf: operation)]
        : [BenchmarkSubject(operation)]
    }
    return BenchmarkSuite("ops", subjects)
  }

  /// The examples of the account of training on an emulated CPU, each warm and as a process's first call.
  public static var examples: BenchmarkSuite {
    BenchmarkSuite(
      "seeds",
      OperationBenchmark.accountExamples.flatMap {
        [BenchmarkSubject($0), BenchmarkSubject(firstCallOf: $0)]
      })
  }

  /// How long the first call of an operation takes on a device of a fresh process, in seconds; nil of a name
  /// that is no operation's.
  public static func firstCallSeconds(of name: String, on device: Device) throws(BackendError) -> Double? {
    guard let operation = OperationBenchmark.all.first(where: { $0.name == name }) else { return nil }
    return try operation.firstCall(on: device)
  }
}
