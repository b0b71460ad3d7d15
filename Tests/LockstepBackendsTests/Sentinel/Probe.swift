import LockstepCore
import Synchronization

@testable import LockstepBackends

/// A backend that remembers what the check of products finds in another's results.
final class CheckProbe: BackendDecorator {
  struct Finding {
    let name: String
    let origin: Origin
    let check: ResultCheck
  }

  let inner: any Backend
  private let state = Mutex<[Finding]>([])
  private let seed: UInt64

  init(_ inner: any Backend, seed: UInt64 = 0) {
    self.inner = inner
    self.seed = seed
  }

  var findings: [Finding] { state.withLock { $0 } }

  func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    var check = ProductCheck(seed: seed)
    guard let found = try? check.check(instruction, index: UInt64(findings.count), on: inner) else { return }
    let finding = Finding(name: instruction.operation.name, origin: instruction.origin, check: found)
    state.withLock { $0.append(finding) }
  }
}

/// A backend that changes the results of another.
final class Spoiler: BackendDecorator {
  let inner: any Backend
  private let change: @Sendable (inout [Double]) -> Void

  init(_ inner: any Backend, _ change: @escaping @Sendable (inout [Double]) -> Void) {
    self.inner = inner
    self.change = change
  }

  func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    let output = instruction.outputs[0]
    guard var elements = (try? inner.value(of: output))?.reals else { return }
    change(&elements)
    inner.write(TensorValue(output.spec, reals: elements), to: output)
  }
}
