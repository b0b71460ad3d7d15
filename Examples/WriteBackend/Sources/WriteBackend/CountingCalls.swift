import Lockstep
import Synchronization

/// A backend that counts how often each operation is asked for, and leaves the work to another.
final class CountingCalls: BackendDecorator {
  let inner: any Backend
  private let calls = Mutex<[String: Int]>([:])

  init(_ inner: any Backend) { self.inner = inner }

  /// The operations, the most frequent first.
  var ranking: [(name: String, count: Int)] {
    calls.withLock { $0.map { ($0.key, $0.value) } }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  func submit(_ instruction: Instruction) {
    calls.withLock { $0[instruction.operation.name, default: 0] += 1 }
    inner.submit(instruction)
  }
}
