import LockstepData
import Testing

@Suite("Batch sampler")
struct BatchSamplerTests {
  struct Orders: Decodable {
    struct Epoch: Decodable, Sendable {
      let count: Int
      let seed: UInt64
      let epoch: Int
      let order: [Int]
    }
    let epochs: [Epoch]
  }

  @Test(
    "orders are those of an independent program",
    arguments: Fixtures.json("orders.json", as: Orders.self).epochs)
  func golden(expected: Orders.Epoch) {
    let sampler = BatchSampler(count: expected.count, batchSize: 3, seed: expected.seed)
    #expect(sampler.order(epoch: expected.epoch) == expected.order)
  }

  @Test("the digest is that of the batches' sizes and indices, as Python's hashlib has it")
  func digest() {
    let ordered = BatchSampler(count: 3, batchSize: 2, shuffles: false)
    #expect(
      "\(ordered.digest(epoch: 0))" == "4c152be4bb1a4f4049fa2d31786dff3124d7979e753f49bcf2429461443173ab")
    let shuffled = BatchSampler(count: 30, batchSize: 2, seed: 1)
    let others = [
      BatchSampler(count: 30, batchSize: 2, seed: 2), BatchSampler(count: 30, batchSize: 3, seed: 1),
    ]
    #expect(others.allSatisfy { $0.digest(epoch: 0) != shuffled.digest(epoch: 0) })
    #expect(shuffled.digest(epoch: 1) != shuffled.digest(epoch: 0))
  }

  @Test("every image comes once in an epoch, in another order each time")
  func permutation() {
    let sampler = BatchSampler(count: 50, batchSize: 8, seed: 3)
    let orders = (0..<20).map { sampler.order(epoch: $0) }
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<50) })
    #expect(Set(orders).count == 20)
  }

  @Test("each image is first about equally often")
  func uniformity() {
    var firsts = [Int](repeating: 0, count: 5)
    let sampler = BatchSampler(count: 5, batchSize: 5, seed: 11)
    for epoch in 0..<5000 { firsts[sampler.order(epoch: epoch)[0]] += 1 }
    // Binomial with mean 1000 and standard deviation 28.
    #expect(firsts.allSatisfy { abs($0 - 1000) < 5 * 28 }, "\(firsts)")
  }

  @Test("without shuffling every epoch has the data set's order")
  func unshuffled() {
    let sampler = BatchSampler(count: 5, batchSize: 2, shuffles: false)
    #expect(sampler.batches(epoch: 4) == [[0, 1], [2, 3], [4]])
  }

  @Test("batches are the order cut into pieces; a last short one is kept unless dropped")
  func batches() {
    let kept = BatchSampler(count: 10, batchSize: 4, seed: 1)
    let dropped = BatchSampler(count: 10, batchSize: 4, seed: 1, dropsLast: true)
    #expect(kept.batches(epoch: 2).map(\.count) == [4, 4, 2])
    #expect(Array(kept.batches(epoch: 2).joined()) == kept.order(epoch: 2))
    #expect(dropped.batches(epoch: 2) == Array(kept.batches(epoch: 2).prefix(2)))
    #expect(kept.batchCount == 3)
    #expect(dropped.batchCount == 2)
  }

  @Test("whole batches, more than there are images, and none at all")
  func edges() {
    #expect(BatchSampler(count: 8, batchSize: 4).batchCount == 2)
    #expect(BatchSampler(count: 3, batchSize: 64).batches(epoch: 0).map(\.count) == [3])
    #expect(BatchSampler(count: 3, batchSize: 64, dropsLast: true).batches(epoch: 0).isEmpty)
    #expect(BatchSampler(count: 0, batchSize: 4).batches(epoch: 0).isEmpty)
  }
}
