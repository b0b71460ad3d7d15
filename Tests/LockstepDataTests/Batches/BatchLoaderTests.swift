import Foundation
import LockstepData
import Synchronization
import Testing

@testable import class LockstepData.BatchIterator

@Suite("Batch loader")
struct BatchLoaderTests {
  /// `count` images of 1×2 pixels: image i holds 2i and 2i + 1 and is of class i mod 3.
  static func dataset(count: Int) -> ImageDataset {
    ImageDataset(
      split: .train, images: (0..<count * 2).map { UInt8(truncatingIfNeeded: $0) },
      labels: (0..<count).map { Int32($0 % 3) }, height: 1, width: 2, channels: 1,
      classNames: ["x", "y", "z"])
  }

  @Test("every value is value / 255, correctly rounded")
  func scaling() throws {
    let dataset = Self.dataset(count: 128)
    let batch = try dataset.batch(of: Array(0..<128))
    // Rounding the quotient of doubles to float is correct: 255 has too few bits for double rounding.
    #expect(batch.pixels == (0...255).map { Float(Double($0) / 255) })
    #expect(batch.pixels.first == 0)
    #expect(batch.pixels.last == 1)
  }

  @Test("a batch holds the images and labels of its indices, in their order")
  func contents() throws {
    let batch = try Self.dataset(count: 6).batch(of: [4, 0, 4])
    #expect(batch.indices == [4, 0, 4])
    #expect(batch.labels == [1, 0, 1])
    #expect(batch.pixels == [8, 9, 0, 1, 8, 9].map { Float($0) / 255 })
    #expect(batch.count == 3)
  }

  @Test("prefetched batches are those computed directly", arguments: [1, 2, 5])
  func prefetch(prefetchCount: Int) throws {
    let dataset = Self.dataset(count: 100)
    let loader = BatchLoader(dataset, batchSize: 7, seed: 5, prefetchCount: prefetchCount)
    let expected = try loader.sampler.batches(epoch: 3).map { try dataset.batch(of: $0) }
    #expect(try loader.batches(epoch: 3).rest() == expected)
    #expect(try loader.batches(epoch: 3, from: 4).rest() == Array(expected.dropFirst(4)))
    #expect(try loader.batches(epoch: 3, from: 15).rest() == [])
    #expect(loader.batchCount == 15)
  }

  @Test("the same seed and epoch give the same batches, others do not")
  func determinism() throws {
    func labels(seed: UInt64, epoch: Int) throws -> [[Int]] {
      try BatchLoader(Self.dataset(count: 60), batchSize: 8, seed: seed).batches(epoch: epoch).rest()
        .map(\.indices)
    }
    #expect(try labels(seed: 1, epoch: 1) == labels(seed: 1, epoch: 1))
    #expect(try labels(seed: 1, epoch: 1) != labels(seed: 1, epoch: 2))
    #expect(try labels(seed: 1, epoch: 1) != labels(seed: 2, epoch: 1))
  }

  @Test("after the last batch there is none, however often one asks")
  func exhausted() throws {
    let batches = BatchLoader(Self.dataset(count: 3), batchSize: 2).batches(epoch: 0)
    #expect(try batches.next()?.count == 2)
    #expect(try batches.next()?.count == 1)
    #expect(try batches.next() == nil)
    #expect(try batches.next() == nil)
  }

  @Test("an empty data set has no batches")
  func empty() throws {
    #expect(try BatchLoader(Self.dataset(count: 0), batchSize: 4).batches(epoch: 0).next() == nil)
  }

  @Test("no more batches than allowed are prepared ahead")
  func bounded() throws {
    let prepared = Counter()
    let batches = BatchIterator(batchCount: 50, prefetchCount: 2) { prepared.batch($0) }
    #expect(becomesTrue { prepared.value == 2 })
    #expect(try batches.next()?.indices == [0])
    #expect(becomesTrue { prepared.value == 3 })
    // Were there no bound, the other 47 would be prepared in microseconds.
    Thread.sleep(forTimeInterval: 0.05)
    #expect(prepared.value == 3)
  }

  @Test("batches are prepared while the consumer is busy")
  func ahead() throws {
    let prepared = Counter()
    let batches = BatchIterator(batchCount: 3, prefetchCount: 2) { prepared.batch($0) }
    #expect(becomesTrue { prepared.value == 2 })
    #expect(try batches.rest().map(\.indices) == [[0], [1], [2]])
  }

  @Test("an abandoned epoch prepares nothing more and lets go of its data")
  func abandoned() throws {
    let prepared = Counter()
    weak var captured: Counter?
    do {
      let local = Counter()
      captured = local
      let gate = DispatchSemaphore(value: 0)
      let batches = BatchIterator(batchCount: 50, prefetchCount: 2) { index in
        gate.wait()
        _ = local.batch(index)
        return prepared.batch(index)
      }
      gate.signal()
      #expect(try batches.next()?.indices == [0])
      // The second batch may be in preparation now; the third is asked for. Both wait at the gate.
      _ = consume batches
      gate.signal()
    }
    #expect(becomesTrue { captured == nil })
    #expect(prepared.value <= 2)
  }

  #if os(Linux)
    @Test("abandoning many epochs leaves no threads behind")
    func threads() throws {
      func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      }
      let before = try threadCount()
      let loader = BatchLoader(Self.dataset(count: 100), batchSize: 1)
      for epoch in 0..<500 { _ = try loader.batches(epoch: epoch).next() }
      // Dispatch keeps some idle threads; a thread an epoch would be 500.
      #expect(try threadCount() < before + 100)
    }
  #endif
}

extension BatchIterator {
  /// All batches that are left.
  func rest() throws(DatasetError) -> [HostBatch] {
    var batches: [HostBatch] = []
    while let batch = try next() { batches.append(batch) }
    return batches
  }
}

/// Counts the batches prepared.
private final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func batch(_ index: Int) -> HostBatch {
    count.withLock { $0 += 1 }
    return HostBatch(pixels: [], labels: [], indices: [index])
  }
}

/// Polls for up to five seconds, far more than anything here takes.
private func becomesTrue(_ condition: () -> Bool) -> Bool {
  for _ in 0..<5000 {
    if condition() { return true }
    Thread.sleep(forTimeInterval: 0.001)
  }
  return condition()
}
