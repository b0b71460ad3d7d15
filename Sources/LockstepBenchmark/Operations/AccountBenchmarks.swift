import LockstepComparison
import LockstepCore

extension OperationBenchmark {
  /// The examples of ``AccountExamples``, of the size that is asked for, and an int64 tensor and 1.
  static var accountExamples: [OperationBenchmark] {
    AccountExamples.Subject.allCases.map(example) + [plusOne(10), plusOne(1_000_000)]
  }

  static func example(_ subject: AccountExamples.Subject) -> OperationBenchmark {
    let size = subject.askedSize
    let dtype: DType = subject == .matmul64 ? .float64 : .float32
    // Two square matrices and their product, or an image, its weights and the result.
    let elements = subject == .convolution ? size * size * (3 + 16) + 3 * 3 * 3 * 16 : 3 * size * size
    let work = OperationWork(
      floatingPointOperations: ExampleInput.work(subject, size: size),
      byteCount: Double(elements * dtype.byteCount))
    // What is computed does not depend on the size; making the numbers of the large one takes time.
    let small = ExampleInput(subject, size: 1)
    return OperationBenchmark(
      name(subject), dtype: dtype, work,
      operands: { ExampleInput(subject, size: size).inputs(on: $0) },
      call: { _ = small.compute($0) })
  }

  private static func name(_ subject: AccountExamples.Subject) -> String {
    switch subject {
    case .matmul64: "matmul-2000-float64"
    case .matmul32: "matmul-2000-float32"
    case .convolution: "conv-relu-256x256-3-16"
    }
  }

  /// An int64 tensor and 1, as a program writes it.
  static func plusOne(_ count: Int) -> OperationBenchmark {
    let input = Input([count], .int64)
    return OperationBenchmark(
      "add-one-int64-\(count)", [input],
      OperationWork(floatingPointOperations: nil, byteCount: 2 * Double(input.spec.byteCount))
    ) { _ = $0[0] + 1 }
  }
}
