internal import LockstepCore
import Dispatch
import Synchronization

/// The batches of one epoch; ``next()`` blocks until the next one is ready.
///
/// Batches are prepared in order on a serial queue, which never has more than `prefetchCount` to do: asking
/// for a batch asks for one more to be prepared. So no thread ever waits for the consumer, and an iterator
/// that is abandoned in mid-epoch leaves nothing behind: the batch being prepared is finished and dropped,
/// those not yet begun are not begun.
public final class BatchIterator: Sequence, IteratorProtocol {
  private let queue = DispatchQueue(label: "lockstep.batches", qos: .userInitiated)
  private let prepare: @Sendable (Int) -> HostBatch
  private let batchCount: Int
  private var requestedCount = 0
  private var pending: [PendingBatch] = []

  init(batchCount: Int, prefetchCount: Int, prepare: @escaping @Sendable (Int) -> HostBatch) {
    self.batchCount = batchCount
    self.prepare = prepare
    for _ in 0..<prefetchCount { requestBatch() }
  }

  /// The next batch, nil after the last.
  public func next() -> HostBatch? {
    guard !pending.isEmpty else { return nil }
    let batch = pending.removeFirst().wait()
    requestBatch()
    return batch
  }

  private func requestBatch() {
    guard requestedCount < batchCount else { return }
    let index = requestedCount
    let request = PendingBatch()
    requestedCount += 1
    pending.append(request)
    // Weak: a request nobody waits for any more needs no batch.
    queue.async { [prepare, weak request] in
      request?.deliver(prepare(index))
    }
  }
}

/// A batch that another thread delivers once.
private final class PendingBatch: Sendable {
  private let batch = Mutex<HostBatch?>(nil)
  private let isReady = DispatchSemaphore(value: 0)

  func deliver(_ value: HostBatch) {
    batch.withLock { $0 = value }
    isReady.signal()
  }

  func wait() -> HostBatch {
    isReady.wait()
    guard let batch = batch.withLock({ $0 }) else { trap("a batch was signalled but not set") }
    return batch
  }
}
