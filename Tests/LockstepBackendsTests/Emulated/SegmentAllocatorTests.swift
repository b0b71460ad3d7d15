@testable import LockstepBackends
import Testing

@Suite("Segment allocator")
struct SegmentAllocatorTests {
  private let mebibyte = 1 << 20

  @Test("blocks of a segment are aligned and do not overlap")
  func disjoint() throws {
    var allocator = SegmentAllocator()
    var blocks = [allocator.grow(96)]
    while let block = allocator.carve([64, 96, 128, 4096][blocks.count % 4]), blocks.count < 1000 {
      blocks.append(block)
    }
    #expect(blocks.count == 1000)
    #expect(blocks.allSatisfy { $0.offset % 64 == 0 && $0.segment == 0 })
    for (block, next) in zip(blocks, blocks.dropFirst()) {
      #expect(block.offset + block.capacity <= next.offset)
    }
  }

  @Test("segments double up to the largest; a big block has one of its own")
  func segmentSizes() throws {
    var allocator = SegmentAllocator()
    var sizes: [Int] = []
    for _ in 0..<6 {
      let segment = try #require(allocator.planSegment(for: 64))
      sizes.append(segment.byteCount / mebibyte)
      _ = allocator.add(segment, firstBlock: 64)
    }
    #expect(sizes == [64, 128, 256, 512, 1024, 1024])
    let big = 3 << 30
    #expect(allocator.planSegment(for: big)?.byteCount == big)
    #expect(allocator.planSegment(for: 1 << 40) == nil)
  }

  @Test("the worker gets the newest free block, the host one that nothing uses")
  func choice() throws {
    var allocator = SegmentAllocator()
    var blocks = [allocator.grow(64)]
    for _ in 0..<2 { blocks.append(allocator.carve(64)!) }
    for (index, busyUntil) in [9, 3, 7].enumerated() {
      blocks[index].busyUntil = UInt64(busyUntil)
      allocator.giveBack(blocks[index])
    }
    var forHost = allocator
    #expect(forHost.takeIdle(64, done: 2) == nil)
    #expect(forHost.takeIdle(64, done: 3) == blocks[1])
    #expect(forHost.takeOldest(64) == blocks[2])
    #expect(allocator.takeNewest(64) == blocks[2])
    #expect(allocator.takeNewest(128) == nil)
  }

  @Test("segments of big blocks that are free are given up, and their numbers used again")
  func giveUp() throws {
    var allocator = SegmentAllocator()
    let small = allocator.grow(64)
    let big = allocator.grow(512 * mebibyte)
    let other = allocator.grow(512 * mebibyte)
    allocator.giveBack(small)
    allocator.giveBack(big)
    #expect(allocator.removeUnusedSegments().map(\.number) == [big.segment])
    #expect(allocator.removeUnusedSegments() == [])
    #expect(allocator.takeNewest(512 * mebibyte) == nil)
    let again = try #require(allocator.planSegment(for: 512 * mebibyte))
    #expect(again.number == big.segment)
    #expect(again.fileOffset > 0)
    #expect(other.segment == 2)
  }
}

extension SegmentAllocator {
  /// A block in a new segment.
  fileprivate mutating func grow(_ capacity: Int) -> Block {
    add(planSegment(for: capacity)!, firstBlock: capacity)
  }
}
