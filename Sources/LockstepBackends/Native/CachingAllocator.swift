#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A piece of memory that its owner keeps alive; as a number the address may leave a lock, as a pointer not.
struct MemoryLocation: Sendable {
  let address: UInt
  let byteCount: Int

  /// The memory.
  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: address), count: byteCount)
  }
}

/// Memory of a backend: blocks that are kept when given back, because fresh pages cost more than most
/// operations (25 MB: 12 ms fresh, 1 ms reused).
///
/// This is the one file that owns raw memory. A block belongs to whoever took it until it is given back.
struct CachingAllocator: ~Copyable {
  /// A piece of memory; `capacity` is what was asked for, rounded up to a size class.
  struct Block {
    let address: UnsafeMutableRawPointer
    let capacity: Int
  }

  /// What the allocator holds and has done.
  struct Statistics: Hashable {
    /// Bytes in blocks that are taken, now and at most so far.
    var liveBytes = 0
    var peakLiveBytes = 0
    /// Bytes in blocks that wait to be taken again.
    var cachedBytes = 0
    /// How often a block was taken, and how often it was one that had been given back.
    var takes = 0
    var reuses = 0
  }

  private struct SizeClass {
    var free: [Block] = []
    var lastUse = 0
  }

  /// A cache line, and the widest vector.
  private static let alignment = 64
  /// What the kernel maps at once where it is asked to.
  private static let hugePage = 2 << 20

  private(set) var statistics = Statistics()
  /// By ``classIndex(of:)``: a hash table would cost as much as the rest of taking a block.
  private var classes = [SizeClass](repeating: SizeClass(), count: 2 * Int.bitWidth)

  init() {}

  /// A block of at least `byteCount` bytes, or nil if there is no memory, even after giving the cache back to
  /// the system.
  mutating func take(_ byteCount: Int) -> Block? {
    guard let capacity = Self.sizeClass(of: byteCount) else { return nil }
    guard let block = reuse(capacity) ?? allocate(capacity) else { return nil }
    statistics.takes += 1
    statistics.liveBytes += capacity
    statistics.peakLiveBytes = max(statistics.peakLiveBytes, statistics.liveBytes)
    poison(block)
    return block
  }

  /// Takes a block back. Blocks in use and kept are together at most twice what was ever in use at once: less
  /// would not do, since the most of each size is in use at another time.
  mutating func giveBack(_ block: Block) {
    statistics.liveBytes -= block.capacity
    statistics.cachedBytes += block.capacity
    let index = Self.classIndex(of: block.capacity)
    classes[index].free.append(block)
    classes[index].lastUse = statistics.takes
    trim(to: 2 * statistics.peakLiveBytes - statistics.liveBytes)
  }

  /// Gives cached blocks back to the system until at most `limit` bytes are left, those first whose size was
  /// last asked for longest ago.
  mutating func trim(to limit: Int) {
    while statistics.cachedBytes > limit,
      let oldest = classes.indices.filter({ !classes[$0].free.isEmpty }).min(by: {
        classes[$0].lastUse < classes[$1].lastUse
      }),
      let block = classes[oldest].free.popLast()
    {
      Self.free(block)
      statistics.cachedBytes -= block.capacity
    }
  }

  /// The smallest power of two, or one and a half of one, that holds `byteCount`: at most a third is unused.
  /// Nil if that is no `Int`.
  static func sizeClass(of byteCount: Int) -> Int? {
    if byteCount <= alignment { return alignment }
    let exponent = Int.bitWidth - (byteCount - 1).leadingZeroBitCount
    guard exponent < Int.bitWidth - 1 else { return nil }
    let power = 1 << exponent
    let threeQuarters = power / 4 * 3
    return byteCount <= threeQuarters ? threeQuarters : power
  }

  /// The place of a size class: powers of two are even, those of one and a half odd.
  private static func classIndex(of capacity: Int) -> Int {
    let exponent = Int.bitWidth - (capacity - 1).leadingZeroBitCount
    return 2 * exponent - (capacity == 1 << exponent ? 0 : 1)
  }

  private mutating func reuse(_ capacity: Int) -> Block? {
    let index = Self.classIndex(of: capacity)
    guard let block = classes[index].free.popLast() else { return nil }
    classes[index].lastUse = statistics.takes
    statistics.cachedBytes -= capacity
    statistics.reuses += 1
    return block
  }

  private mutating func allocate(_ capacity: Int) -> Block? {
    if let block = Self.systemBlock(capacity) { return block }
    trim(to: 0)
    return Self.systemBlock(capacity)
  }

  private static func systemBlock(_ capacity: Int) -> Block? {
    let isHuge = capacity >= hugePage
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, isHuge ? hugePage : alignment, capacity) == 0, let address else {
      return nil
    }
    #if os(Linux)
      // Advice: where it is refused the memory is as good, only slower to touch first.
      if isHuge { madvise(address, capacity, MADV_HUGEPAGE) }
    #endif
    return Block(address: address, capacity: capacity)
  }

  /// Debug builds fill blocks with NaN, so that what reads what nothing wrote is seen.
  private func poison(_ block: Block) {
    #if DEBUG
      memset(block.address, 0xFF, block.capacity)
    #endif
  }

  /// Gives a block back to the system.
  static func free(_ block: Block) {
    #if canImport(Glibc)
      Glibc.free(block.address)
    #else
      Darwin.free(block.address)
    #endif
  }

  deinit {
    for block in classes.flatMap(\.free) { Self.free(block) }
  }
}
