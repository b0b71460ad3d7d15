import CLockstepLink
import LockstepCore

/// The buffers of a backend whose memory a worker shares.
///
/// A buffer gets memory when it is first written, by the host or by the worker. What the worker writes may
/// reuse any free block, since commands run in order. What the host writes needs a block that no waiting
/// command reads or writes; so an upload over a buffer that is still in use gets a new block rather than
/// waiting for the worker.
struct SharedBuffers {
  private struct Buffer {
    let byteCount: Int
    var block: SegmentAllocator.Block?
    /// How many commands must be done before the contents can be read.
    var writtenAt: UInt64 = 0
  }

  private struct Slot {
    var generation: UInt32 = 0
    var buffer: Buffer?
  }

  private var allocator = SegmentAllocator()
  private var mappings: [Int: SharedMapping] = [:]
  private var slots: [Slot] = []
  private var freeSlots: [UInt32] = []

  /// A new buffer without memory, or nil if none of that size can be.
  mutating func allocate(_ byteCount: Int) -> BufferID? {
    guard CachingAllocator.sizeClass(of: byteCount) != nil else { return nil }
    if freeSlots.isEmpty {
      freeSlots.append(UInt32(slots.count))
      slots.append(Slot())
    }
    let index = freeSlots.removeLast()
    slots[Int(index)].buffer = Buffer(byteCount: byteCount)
    return BufferID(rawValue: UInt64(slots[Int(index)].generation) << 32 | UInt64(index))
  }

  /// Gives a buffer back; waiting commands keep its memory until they are done.
  mutating func release(_ id: BufferID) {
    let index = slot(of: id)
    if let block = slots[index].buffer?.block { allocator.giveBack(block) }
    slots[index].buffer = nil
    slots[index].generation &+= 1
    freeSlots.append(UInt32(index))
  }

  /// Sees that operands have memory.
  mutating func prepare(_ operands: [Operand], _ link: WorkerLink) throws(BackendError) {
    for operand in operands {
      let index = slot(of: operand.buffer)
      guard let buffer = slots[index].buffer, buffer.block == nil else { continue }
      let block = try takeForWorker(buffer.byteCount, link)
      slots[index].buffer?.block = block
    }
  }

  /// Where a buffer that has memory is, as the worker is told.
  func data(of id: BufferID) -> UnsafeMutableRawPointer? {
    slots[slot(of: id)].buffer?.block.flatMap { UnsafeMutableRawPointer(bitPattern: UInt($0.data)) }
  }

  /// Notes that a command uses buffers; `count` commands will have been done when it is.
  mutating func note(reads: [Operand], writes: [Operand], doneAt count: UInt64) {
    for operand in reads { slots[slot(of: operand.buffer)].buffer?.block?.busyUntil = count }
    for operand in writes {
      let index = slot(of: operand.buffer)
      slots[index].buffer?.block?.busyUntil = count
      slots[index].buffer?.writtenAt = count
    }
  }

  /// Where the host may write a buffer's first bytes.
  mutating func destination(
    _ id: BufferID, byteCount: Int, _ link: WorkerLink
  ) throws(BackendError) -> MemoryLocation {
    let index = slot(of: id)
    var buffer = slots[index].buffer!
    precondition(byteCount <= buffer.byteCount, "\(byteCount) bytes are more than the buffer holds")
    if let block = buffer.block, block.busyUntil > link.done {
      if byteCount == buffer.byteCount {
        allocator.giveBack(block)
        buffer.block = nil
        slots[index].buffer!.block = nil
      } else {
        try link.wait(until: block.busyUntil)
      }
    }
    if buffer.block == nil {
      let block = try takeForHost(buffer.byteCount, link)
      slots[index].buffer!.block = block
      buffer.block = block
    }
    slots[index].buffer!.writtenAt = 0
    return location(of: buffer.block!, byteCount)
  }

  /// Where the host can read a buffer's first bytes, once the commands that write them are done.
  mutating func source(
    _ id: BufferID, byteCount: Int, _ link: WorkerLink
  ) throws(BackendError) -> MemoryLocation {
    let index = slot(of: id)
    let buffer = slots[index].buffer!
    precondition(byteCount <= buffer.byteCount, "\(byteCount) bytes are more than the buffer holds")
    guard buffer.block != nil else { return try destination(id, byteCount: byteCount, link) }
    try link.wait(until: buffer.writtenAt)
    return location(of: buffer.block!, byteCount)
  }

  private func slot(of id: BufferID) -> Int {
    let index = Int(id.rawValue & 0xFFFF_FFFF)
    precondition(
      index < slots.count && UInt64(slots[index].generation) == id.rawValue >> 32,
      "a buffer was used after it was released")
    return index
  }

  private func location(of block: SegmentAllocator.Block, _ byteCount: Int) -> MemoryLocation {
    MemoryLocation(
      address: UInt(bitPattern: mappings[block.segment]!.base + block.offset), byteCount: byteCount)
  }
}

extension SharedBuffers {
  /// A block for the worker to write to first.
  private mutating func takeForWorker(
    _ byteCount: Int, _ link: WorkerLink
  ) throws(BackendError) -> SegmentAllocator.Block {
    let capacity = CachingAllocator.sizeClass(of: byteCount)!
    var block = allocator.takeNewest(capacity) ?? allocator.carve(capacity)
    if block == nil { block = try grow(capacity, link) }
    #if DEBUG
      try link.poison(block!.data, byteCount: capacity)
    #endif
    return block!
  }

  /// A block for the host to write to now. A new piece of a segment costs less than waiting, a new segment
  /// more.
  private mutating func takeForHost(
    _ byteCount: Int, _ link: WorkerLink
  ) throws(BackendError) -> SegmentAllocator.Block {
    let capacity = CachingAllocator.sizeClass(of: byteCount)!
    var block = allocator.takeIdle(capacity, done: link.done) ?? allocator.carve(capacity)
    if block == nil, let oldest = allocator.takeOldest(capacity) {
      try link.wait(until: oldest.busyUntil)
      block = oldest
    }
    if block == nil { block = try grow(capacity, link) }
    #if DEBUG
      let memory = location(of: block!, capacity).bytes
      memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
    #endif
    return block!
  }

  /// A block in a new segment.
  private mutating func grow(
    _ capacity: Int, _ link: WorkerLink
  ) throws(BackendError) -> SegmentAllocator.Block {
    for segment in allocator.removeUnusedSegments() {
      mappings[segment.number] = nil
      try link.unmap(lk_segment(segment))
    }
    guard let segment = allocator.planSegment(for: capacity), lk_memory_would_fit(UInt64(segment.byteCount))
    else {
      throw .outOfMemory(byteCount: capacity)
    }
    try link.data.resize(to: segment.fileOffset + segment.byteCount)
    let mapping = try SharedMapping(link.data, offset: segment.fileOffset, byteCount: segment.byteCount)
    try link.map(lk_segment(segment))
    mappings[segment.number] = mapping
    return allocator.add(segment, firstBlock: capacity)
  }
}

extension lk_segment {
  fileprivate init(_ segment: SegmentAllocator.Segment) {
    self.init(
      number: UInt64(segment.number), file_offset: UInt64(segment.fileOffset),
      byte_count: UInt64(segment.byteCount))
  }
}
