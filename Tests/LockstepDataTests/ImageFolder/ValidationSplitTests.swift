import LockstepData
import Testing

@testable import struct LockstepData.ImageFolder
@testable import enum LockstepData.StratifiedSplit

@Suite("Validation split")
struct ValidationSplitTests {
  struct Orders: Decodable {
    struct Split: Decodable, Sendable {
      let className: String
      let count: Int
      let fraction: Double
      let seed: UInt64
      let testIndices: [Int]
    }
    let splits: [Split]
  }

  /// Classes `cat` and `dog` of ten images each, with values 0…9 and 100…109.
  static func folder() -> TemporaryFolder {
    let folder = TemporaryFolder()
    for index in 0..<10 {
      folder.writePNG("cat/\(index).png", value: UInt8(index))
      folder.writePNG("dog/\(index).png", value: UInt8(100 + index))
    }
    return folder
  }

  @Test(
    "chooses what an independent program chooses",
    arguments: Fixtures.json("orders.json", as: Orders.self).splits)
  func golden(expected: Orders.Split) {
    let chosen = StratifiedSplit.testIndices(
      count: expected.count, fraction: expected.fraction, seed: expected.seed, className: expected.className)
    #expect(chosen.sorted() == expected.testIndices)
  }

  @Test("takes a fifth of each class by default, keeps the files' order and loses none")
  func defaultFraction() throws {
    let folder = Self.folder()
    let data = try folder.load()
    #expect(data.test.labels == [0, 0, 1, 1])
    #expect(data.train.count == 16)
    #expect(values(data.train) == values(data.train).sorted())
    #expect((values(data.train) + values(data.test)).sorted() == Array(0...9) + Array(100...109))
  }

  @Test("depends on the seed alone")
  func seed() throws {
    let first = try Self.folder().load(.init(seed: 1))
    let again = try Self.folder().load(.init(seed: 1))
    let other = try Self.folder().load(.init(seed: 2))
    #expect(values(first.test) == values(again.test))
    #expect(values(first.test) != values(other.test))
  }

  @Test("a new class moves no image of the others")
  func newClass() throws {
    let folder = Self.folder()
    let before = values(try folder.load().test)
    for index in 0..<10 { folder.writePNG("bird/\(index).png", value: 200) }
    let after = values(try folder.load().test)
    #expect(after.filter { $0 != 200 } == before)
  }

  @Test("leaves at least one image on each side", arguments: [(0.001, 2), (0.999, 18)])
  func extremes(fraction: Double, testCount: Int) throws {
    let data = try Self.folder().load(.init(validationSplit: fraction))
    #expect(data.test.count == testCount)
  }
}
