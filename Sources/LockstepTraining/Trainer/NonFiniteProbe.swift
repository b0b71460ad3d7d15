public import LockstepCore
import Synchronization

/// A backend that passes everything on to another, and remembers the first result that holds a NaN or an
/// infinity.
public final class NonFiniteProbe: BackendDecorator {
  /// A result that is not finite.
  public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// What computed it.
    public let operation: String
    /// Where in the model.
    public let origin: Origin
    /// Its shape and dtype.
    public let spec: TensorSpec
    /// How many of its elements are not finite.
    public let count: Int

    /// One phrase: operation, place, shape, share.
    public var description: String {
      let place = "\(origin)".isEmpty ? "" : " in \(origin)"
      return "the output of \(operation)\(place), \(spec), \(count) of \(spec.shape.count) elements"
    }
  }

  /// Who computes.
  public let inner: any Backend
  private let found = Mutex<Finding?>(nil)

  /// Creates a probe around a backend.
  public init(_ inner: any Backend) { self.inner = inner }

  /// The first result that is not finite, if there was one.
  public var finding: Finding? { found.withLock { $0 } }

  /// Passes the instruction on, and looks at its results until the first that is not finite.
  public func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    guard finding == nil else { return }
    for output in instruction.outputs {
      let count = nonFiniteCount(output)
      guard count > 0 else { continue }
      let finding = Finding(
        operation: instruction.operation.name, origin: instruction.origin, spec: output.spec, count: count)
      found.withLock { $0 = finding }
      return
    }
  }

  /// How many elements of a result are not finite; a failed download leaves that to whoever reads it next.
  private func nonFiniteCount(_ operand: Operand) -> Int {
    guard operand.spec.dtype.isFloatingPoint, let value = try? inner.value(of: operand) else { return 0 }
    return value.reals.lazy.filter { !$0.isFinite }.count
  }
}
