import CLockstepLink

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether memory can be had that a worker process shares, tried.
enum SharingProbe {
  static var canShareMemory: Bool {
    let descriptor = lk_memory_create("lockstep-doctor")
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let size = 1 << 16
    guard ftruncate(descriptor, off_t(size)) == 0,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
    else { return false }
    munmap(memory, size)
    return true
  }
}
