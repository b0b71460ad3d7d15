import Testing

@testable import LockstepBackends

extension CachingAllocator {
  /// A block that must be there. The macros of Testing can't call a mutating method of what can't be copied.
  fileprivate mutating func block(_ byteCount: Int) throws -> Block {
    let block = take(byteCount)
    return try #require(block)
  }
}

@Suite("The caching allocator")
struct CachingAllocatorTests {
  @Test(
    "rounds up to a power of two or one and a half of one",
    arguments: [
      (0, 64), (1, 64), (64, 64), (65, 96), (96, 96), (97, 128), (129, 192), (193, 256), (1 << 20, 1 << 20),
      ((1 << 20) + 1, 3 << 19), (3 << 19, 3 << 19), ((3 << 19) + 1, 1 << 21),
    ])
  func sizeClasses(_ byteCount: Int, _ capacity: Int) {
    #expect(CachingAllocator.sizeClass(of: byteCount) == capacity)
  }

  @Test("has no size class where the rounded size is no Int", arguments: [Int.max, (1 << 62) + 1])
  func overflow(_ byteCount: Int) {
    #expect(CachingAllocator.sizeClass(of: byteCount) == nil)
  }

  @Test("gives back the block of the same size class that was given back last")
  func reuse() throws {
    var allocator = CachingAllocator()
    let first = try allocator.block(1000)
    let second = try allocator.block(1000)
    #expect(first.address != second.address)
    allocator.giveBack(first)
    allocator.giveBack(second)
    let third = try allocator.block(800)
    #expect(third.address == second.address)
    let other = try allocator.block(5000)
    #expect(other.address != first.address)
    allocator.giveBack(third)
    allocator.giveBack(other)
  }

  @Test("counts what is live and what waits")
  func statistics() throws {
    var allocator = CachingAllocator()
    let first = try allocator.block(100)
    let second = try allocator.block(200)
    allocator.giveBack(first)
    let before = allocator.statistics
    #expect(before == .init(liveBytes: 256, peakLiveBytes: 384, cachedBytes: 128, takes: 2, reuses: 0))
    let third = try allocator.block(128)
    let after = allocator.statistics
    #expect(after == .init(liveBytes: 384, peakLiveBytes: 384, cachedBytes: 0, takes: 3, reuses: 1))
    allocator.giveBack(second)
    allocator.giveBack(third)
  }

  @Test("keeps no more than twice what was ever in use at once, and drops the sizes not asked for longest")
  func bound() throws {
    var allocator = CachingAllocator()
    for exponent in 10..<20 {
      for size in [3 << (exponent - 2), 1 << exponent] {
        allocator.giveBack(try allocator.block(size))
        let statistics = allocator.statistics
        #expect(statistics.liveBytes + statistics.cachedBytes <= 2 * statistics.peakLiveBytes)
      }
    }
    let before = allocator.statistics
    allocator.giveBack(try allocator.block(1 << 19))
    #expect(allocator.statistics.reuses == before.reuses + 1, "the last size is still there")
    allocator.giveBack(try allocator.block(3 << 8))
    #expect(allocator.statistics.reuses == before.reuses + 1, "the first is not")
  }

  @Test("aligns blocks to cache lines, and large ones to huge pages", arguments: [1, 100, 5000, 3 << 20])
  func alignment(_ byteCount: Int) throws {
    var allocator = CachingAllocator()
    let block = try allocator.block(byteCount)
    #expect(UInt(bitPattern: block.address) % (byteCount >= 2 << 20 ? 2 << 20 : 64) == 0)
    allocator.giveBack(block)
  }

  #if DEBUG
    @Test("fills fresh and reused blocks with NaN in debug builds")
    func poison() throws {
      var allocator = CachingAllocator()
      for _ in 0..<2 {
        let block = try allocator.block(1000)
        let bytes = UnsafeMutableRawBufferPointer(start: block.address, count: 1000)
        #expect(bytes.allSatisfy { $0 == 0xFF })
        #expect(block.address.load(as: Float.self).isNaN)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        allocator.giveBack(block)
      }
    }
  #endif

  @Test("has nothing where the system has nothing")
  func nothing() {
    var allocator = CachingAllocator()
    let block = allocator.take(1 << 60)
    let statistics = allocator.statistics
    #expect(block == nil)
    #expect(statistics == .init())
  }
}
