import LockstepCore
import Testing

/// Checks what a process that trapped said.
func expectMessage(
  _ result: ExitTest.Result?, contains fragments: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let result else { return }  // It didn't trap, which is reported already.
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  let line = message.split(separator: "\n").first { $0.contains("Fatal error") } ?? "no message: \(message)"
  for fragment in fragments {
    #expect(line.contains(fragment), sourceLocation: sourceLocation)
  }
}

extension Tensor {
  /// The elements as `Double`s, in row-major order.
  var values: [Double] {
    get throws { try asType(.float64).scalars(as: Double.self) }
  }
}

/// The numbers agree, to a relative difference of `tolerance` where they are larger than 1.
func expectClose(
  _ actual: [Double], _ expected: [Double], tolerance: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let agrees =
    actual.count == expected.count
    && zip(actual, expected).allSatisfy { a, e in
      a == e || (a.isNaN && e.isNaN) || abs(a - e) <= tolerance * max(1, abs(e))
    }
  #expect(agrees, "\(actual) is not close to \(expected)", sourceLocation: sourceLocation)
}
