import LockstepCore

/// The buffers of a backend by number.
///
/// A number is a slot and how often the slot was used before, so that one that was released is not mistaken
/// for the slot's next owner.
struct BufferTable: ~Copyable {
  private struct Slot {
    var generation: UInt32 = 0
    var block: CachingAllocator.Block?
  }

  private var allocator = CachingAllocator()
  private var slots: [Slot] = []
  private var freeSlots: [UInt32] = []

  init() {}

  /// What the memory under the buffers holds and has done.
  var statistics: CachingAllocator.Statistics { allocator.statistics }

  /// A new buffer, or nil if there is no memory.
  mutating func allocate(_ byteCount: Int) -> BufferID? {
    guard let block = allocator.take(byteCount) else { return nil }
    let index = freeSlots.popLast() ?? appendSlot()
    slots[Int(index)].block = block
    return BufferID(rawValue: UInt64(slots[Int(index)].generation) << 32 | UInt64(index))
  }

  /// Gives a buffer's memory back.
  mutating func release(_ buffer: BufferID) {
    let index = slot(of: buffer)
    guard let block = slots[index].block else { return }
    allocator.giveBack(block)
    slots[index].block = nil
    slots[index].generation &+= 1
    freeSlots.append(UInt32(index))
  }

  /// Where a buffer's memory begins.
  func address(of buffer: BufferID) -> UnsafeMutableRawPointer? {
    slots[slot(of: buffer)].block?.address
  }

  /// Where a buffer's first bytes are.
  func location(of buffer: BufferID, holding byteCount: Int) -> MemoryLocation {
    guard let block = slots[slot(of: buffer)].block, byteCount <= block.capacity else {
      trap("\(byteCount) bytes are more than the buffer holds")
    }
    return MemoryLocation(address: UInt(bitPattern: block.address), byteCount: byteCount)
  }

  private func slot(of buffer: BufferID) -> Int {
    let index = Int(buffer.rawValue & 0xFFFF_FFFF)
    precondition(
      index < slots.count && UInt64(slots[index].generation) == buffer.rawValue >> 32,
      "a buffer was used after it was released")
    return index
  }

  private mutating func appendSlot() -> UInt32 {
    slots.append(Slot())
    return UInt32(slots.count - 1)
  }

  deinit {
    // A backend lives as long as its tensors do, so this finds only what was never released.
    for block in slots.compactMap(\.block) { CachingAllocator.free(block) }
  }
}
