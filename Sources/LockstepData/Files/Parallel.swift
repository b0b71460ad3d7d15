import Dispatch

/// The one place where threads write into shared memory: each index owns its element or slot alone.
enum Parallel {
  /// `body(0)`, `body(1)`, … in order, computed on all cores.
  static func map<Element: Sendable>(
    count: Int, _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Every element is initialised once, by the iteration of its index.
      nonisolated(unsafe) let elements = buffer.baseAddress
      DispatchQueue.concurrentPerform(iterations: count) { index in
        (elements! + index).initialize(to: body(index))
      }
      initialized = count
    }
  }

  /// Fills `count` slots of `slotSize` bytes on all cores; gives the bytes and what each call returned.
  static func fill<Result: Sendable>(
    count: Int, slotSize: Int, _ body: @Sendable (Int, UnsafeMutableBufferPointer<UInt8>) -> Result
  ) -> (bytes: [UInt8], results: [Result]) {
    var results: [Result] = []
    let bytes = [UInt8](unsafeUninitializedCapacity: count * slotSize) { buffer, initialized in
      // Slots do not overlap, and no slot is read before all are written.
      nonisolated(unsafe) let start = buffer.baseAddress
      results = map(count: count) { index in
        let slot = UnsafeMutableBufferPointer(start: start.map { $0 + index * slotSize }, count: slotSize)
        return body(index, slot)
      }
      initialized = count * slotSize
    }
    return (bytes, results)
  }
}
