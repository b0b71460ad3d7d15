import CLockstepLink
import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file descriptor that is closed with its owner.
final class Descriptor: Sendable {
  /// The system's number.
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }
}

/// A file without a name that a worker can map, too.
struct SharedFile: Sendable {
  let descriptor: Descriptor

  /// An empty file.
  init(_ name: String) throws(BackendError) {
    let number = lk_memory_create(name)
    guard number >= 0 else { throw .noSharedMemory(reason: "memfd_create: \(systemError())") }
    descriptor = Descriptor(number)
  }

  /// Makes the file so many bytes long; those that are new take no memory until they are touched.
  func resize(to byteCount: Int) throws(BackendError) {
    guard ftruncate(descriptor.number, off_t(byteCount)) == 0 else {
      throw .outOfMemory(byteCount: byteCount)
    }
  }

  /// A new file that holds the bytes.
  init(_ name: String, contents: [UInt8]) throws(BackendError) {
    try self.init(name)
    var written = 0
    while written < contents.count {
      let count = contents.withUnsafeBytes { bytes in
        write(descriptor.number, bytes.baseAddress! + written, bytes.count - written)
      }
      guard count > 0 else { throw .noSharedMemory(reason: "write: \(systemError())") }
      written += count
    }
  }
}

/// A window of a shared file in this process's memory.
///
/// This is the one file that owns raw shared memory. The pointer is good as long as the object lives; who may
/// read and write behind it is agreed with the worker, by the counters of the link.
final class SharedMapping: @unchecked Sendable {
  /// The first byte.
  let base: UnsafeMutableRawPointer
  /// How many bytes are mapped.
  let byteCount: Int

  /// Maps a window; `offset` is a multiple of the page size.
  init(_ file: SharedFile, offset: Int, byteCount: Int) throws(BackendError) {
    guard
      let base = mmap(
        nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor.number, off_t(offset)),
      base != MAP_FAILED
    else {
      throw .outOfMemory(byteCount: byteCount)
    }
    #if os(Linux)
      // Advice: where it is refused the memory is as good, only slower to touch first.
      if byteCount >= 2 << 20 { madvise(base, byteCount, MADV_HUGEPAGE) }
    #endif
    self.base = base
    self.byteCount = byteCount
  }

  deinit { munmap(base, byteCount) }
}

/// What went wrong in the system call just made.
func systemError(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
