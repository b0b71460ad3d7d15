import CLockstepLink

/// Which part of which segment is whose: the bookkeeping of shared memory, without the memory.
///
/// Blocks have size classes, are cut from segments one after the other, and are reused by class once they are
/// free. A free block may still be in use by commands that wait: it remembers the last of them.
struct SegmentAllocator {
  /// A piece of a segment.
  struct Block: Hashable {
    /// `segment << LK_SEGMENT_SHIFT | offset`.
    let data: UInt64
    /// The size class.
    let capacity: Int
    /// How many commands must be done before the host may write here.
    var busyUntil: UInt64 = 0

    /// The segment's number.
    var segment: Int { Int(data >> UInt64(LK_SEGMENT_SHIFT)) }
    /// Where in the segment the block begins.
    var offset: Int { Int(data & (1 << UInt64(LK_SEGMENT_SHIFT) - 1)) }
  }

  /// A window of the data file.
  struct Segment: Hashable {
    let number: Int
    let fileOffset: Int
    let byteCount: Int
    private(set) var used = 0

    /// The next block; there must be room for it.
    fileprivate mutating func cut(_ capacity: Int) -> Block {
      let alignment = SegmentAllocator.alignment
      defer { used += (capacity + alignment - 1) / alignment * alignment }
      return Block(data: UInt64(number) << UInt64(LK_SEGMENT_SHIFT) | UInt64(used), capacity: capacity)
    }
  }

  /// What blocks are aligned to: a cache line, and the widest vector.
  private static let alignment = 64

  /// The first segment's size; every further one has twice the size of the one before, up to the largest.
  static let smallestSegment = 64 << 20
  static let largestSegment = 1 << 30
  /// Blocks above this have a segment of their own, which is given back to the system when nobody wants it.
  static let largestShared = 256 << 20

  /// By number; nil for numbers that wait to be used again.
  private var segments: [Segment?] = []
  private var free: [Int: [Block]] = [:]
  private var nextSize = smallestSegment
  private var fileEnd = 0

  /// The block freed last, whose memory is likeliest to be in a cache; for results of the worker, which comes
  /// to them after whatever still uses the block.
  mutating func takeNewest(_ capacity: Int) -> Block? { free[capacity]?.popLast() }

  /// A block that no waiting command uses; for the host to write to.
  ///
  /// - Parameter done: how many commands are done.
  mutating func takeIdle(_ capacity: Int, done: UInt64) -> Block? {
    guard let index = free[capacity]?.firstIndex(where: { $0.busyUntil <= done }) else { return nil }
    return free[capacity]?.remove(at: index)
  }

  /// The block that will be idle first.
  mutating func takeOldest(_ capacity: Int) -> Block? {
    guard
      let index = free[capacity]?.indices.min(by: { first, second in
        free[capacity]![first].busyUntil < free[capacity]![second].busyUntil
      })
    else { return nil }
    return free[capacity]?.remove(at: index)
  }

  /// A new block from what is left of a segment.
  mutating func carve(_ capacity: Int) -> Block? {
    for (number, segment) in segments.enumerated() {
      guard var segment, segment.byteCount - segment.used >= capacity else { continue }
      let block = segment.cut(capacity)
      segments[number] = segment
      return block
    }
    return nil
  }

  /// Takes a block back.
  mutating func giveBack(_ block: Block) { free[block.capacity, default: []].append(block) }

  /// A new segment with room for a block, or nil if there are too many; it counts once it is ``add(_:)``ed.
  func planSegment(for capacity: Int) -> Segment? {
    let byteCount = capacity > Self.largestShared ? capacity : max(nextSize, capacity)
    guard byteCount < 1 << LK_SEGMENT_SHIFT else { return nil }
    let number = segments.firstIndex { $0 == nil } ?? segments.count
    guard number < LK_SEGMENT_LIMIT else { return nil }
    return Segment(number: number, fileOffset: fileEnd, byteCount: byteCount)
  }

  /// Takes a segment into use and cuts its first block.
  mutating func add(_ segment: Segment, firstBlock capacity: Int) -> Block {
    var segment = segment
    let block = segment.cut(capacity)
    if segment.number == segments.count { segments.append(nil) }
    segments[segment.number] = segment
    fileEnd += segment.byteCount
    if capacity <= Self.largestShared { nextSize = min(nextSize * 2, Self.largestSegment) }
    return block
  }

  /// Takes segments out of use whose only block is free.
  mutating func removeUnusedSegments() -> [Segment] {
    var removed: [Segment] = []
    for capacity in free.keys.sorted() where capacity > Self.largestShared {
      for block in free.removeValue(forKey: capacity)! {
        removed.append(segments[block.segment]!)
        segments[block.segment] = nil
      }
    }
    return removed
  }
}
