internal import LockstepCore
import Dispatch
import Synchronization

/// The batches of one epoch; ``next()`` blocks until the next one is ready.
///
/// Batches are prepared in order on a serial queue, which never has more than `prefetchCount` to do: asking
/// for a batch asks for one more to be prepared. So no thread ever waits for the consumer, and an iterator
/// that is abandoned in mid-epoch leaves nothing behind: the batch being prepared is finished and dropped,
/// those not yet begun are not begun.
public final class BatchIterator {
  private let queue = DispatchQueue(label: "lockstep.batches", qos: .userInitiated)
  private let prepare: @Sendable (Int) throws(DatasetError) -> HostBatch
  private let batchCount: Int
  private var requestedCount: Int
  private var pending: [PendingBatch] = []

  /// Prepares the batches `first ..< batchCount`.
  init(
    batchCount: Int, from first: Int = 0, prefetchCount: Int,
    prepare: @escaping @Sendable (Int) throws(DatasetError) -> HostBatch
  ) {
    self.batchCount = batchCount
    requestedCount = first
    self.prepare = prepare
    for _ in 0..<prefetchCount { requestBatch() }
  }

  /// The next batch, nil after the last.
  ///
  /// - Throws: ``DatasetError/changedFile(_:)`` if the batch's images are read from their files now and one can't be.
  public func next() throws(DatasetError) -> HostBatch? {
    guard !pending.isEmpty else { return nil }
    let batch = pending.removeFirst().wait()
    requestBatch()
    return try batch.get()
  }

  private func requestBatch() {
    guard requestedCount < batchCount else { return }
    let index = requestedCount
    let request = PendingBatch()
    requestedCount += 1
    pending.append(request)
    // Weak: a request nobody waits for any more needs no batch.
    queue.async { [prepare, weak request] in
      request?.deliver(Result { () throws(DatasetError) in try prepare(index) })
    }
  }
}

/// A batch that another thread delivers once.
private final class PendingBatch: Sendable {
  private let batch = Mutex<Result<HostBatch, DatasetError>?>(nil)
  private let isReady = DispatchSemaphore(value: 0)

  func deliver(_ value: Result<HostBatch, DatasetError>) {
    batch.withLock { $0 = value }
    isReady.signal()
  }

  func wait() -> Result<HostBatch, DatasetError> {
    isReady.wait()
    guard let batch = batch.withLock({ $0 }) else { trap("a batch was signalled but not set") }
    return batch
  }
}
