import LockstepCore
import Testing

@Suite("A random stream")
struct RandomStreamTests {
  private func words(_ stream: RandomStream, _ count: Int) -> [UInt32] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  @Test("is a pure function of seed, purpose and index")
  func reproducible() {
    let make = { RandomStream(seed: 7, purpose: .shuffle, index: 3) }
    #expect(words(make(), 100) == words(make(), 100))
  }

  @Test("takes its words from Philox, with purpose and index in the counter and the seed as the key")
  func counterLayout() {
    let stream = RandomStream(seed: 0x1122_3344_5566_7788, purpose: .dropout, index: 0x99AA_BBCC_DDEE_FF00)
    let key = SIMD2<UInt32>(0x5566_7788, 0x1122_3344)
    let expected = (0..<2 as Range<UInt32>).flatMap { block in
      let words = Philox.block(counter: SIMD4(block, 3, 0xDDEE_FF00, 0x99AA_BBCC), key: key)
      return (0..<4).map { words[$0] }
    }
    #expect(words(stream, 8) == expected)
  }

  @Test("differs with the seed, the purpose and the index")
  func differs() {
    let streams = [
      RandomStream(seed: 1, purpose: .shuffle), RandomStream(seed: 2, purpose: .shuffle),
      RandomStream(seed: 1 << 32, purpose: .shuffle), RandomStream(seed: 1, purpose: .dropout),
      RandomStream(seed: 1, purpose: .shuffle, index: 1),
      RandomStream(seed: 1, purpose: .shuffle, index: 1 << 32),
    ]
    #expect(Set(streams.flatMap { words($0, 64) }).count == streams.count * 64)
  }

  @Test("draws whole numbers below a bound, each equally often")
  func boundedIntegers() {
    var stream = RandomStream(seed: 5, purpose: .user)
    var counts = [Int](repeating: 0, count: 7)
    let draws = 70_000
    for _ in 0..<draws { counts[stream.next(below: 7)] += 1 }
    // Chi-squared with 6 degrees of freedom is above 22.5 once in a thousand.
    let expected = Double(draws) / 7
    let chiSquared = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chiSquared < 22.5)
    #expect(stream.next(below: 1) == 0)
  }

  @Test("rejects the words that would make some of many numbers likelier")
  func unbiased() {
    // Of 3·2⁶¹ numbers a bare multiplication draws every third twice as often as the others.
    var stream = RandomStream(seed: 6, purpose: .user)
    let bound = 3 << 61
    let draws = 30_000
    let thirds = (0..<draws).map { _ in stream.next(below: bound) % 3 }
    let share = Double(thirds.count { $0 == 0 }) / Double(draws)
    #expect(abs(share - 1.0 / 3) < 0.012)  // More than four standard deviations; biased it is 1/2 or 1/4.
  }

  @Test("draws uniform numbers from [0, 1) with the moments of the distribution")
  func uniform() {
    var stream = RandomStream(seed: 8, purpose: .user)
    let values = (0..<100_000).map { _ in Double(stream.uniform()) }
    #expect(values.allSatisfy { (0..<1).contains($0) && ($0 * 0x1p24).rounded() == $0 * 0x1p24 })
    let mean = values.reduce(0, +) / 100_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    #expect(abs(mean - 0.5) < 0.005)
    #expect(abs(variance - 1.0 / 12) < 0.002)
  }

  @Test("draws normal numbers with the moments of the distribution")
  func normal() {
    var stream = RandomStream(seed: 9, purpose: .user)
    let values = (0..<100_000).map { _ in stream.normal() }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { product, _ in product * x } } / 100_000
    }
    #expect(abs(moment(1)) < 0.015)
    #expect(abs(moment(2) - 1) < 0.02)
    #expect(abs(moment(3)) < 0.06)
    #expect(abs(moment(4) - 3) < 0.15)
  }

  @Test("has an index of its own for every name")
  func nameIndex() {
    // FNV-1a's published test vectors.
    #expect(RandomStream.index(of: "") == 0xCBF2_9CE4_8422_2325)
    #expect(RandomStream.index(of: "a") == 0xAF63_DC4C_8601_EC8C)
    #expect(RandomStream.index(of: "foobar") == 0x8594_4171_F739_67E8)
  }
}
