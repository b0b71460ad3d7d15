import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An ELF program without its table of sections, which is where tools find debugging information; loading and
/// running a program takes only segments.
enum BareExecutable {
  /// A copy of a 64-bit ELF file in memory.
  static func copy(of path: String) throws(BackendError) -> SharedFile {
    guard var bytes = read(path), bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      throw .workerFailedToStart(lastLines: ["\(path) is no ELF program that can be read"])
    }
    // e_shoff, then e_shnum and e_shstrndx.
    for index in [0x28..<0x30, 0x3C..<0x40].joined() { bytes[index] = 0 }
    return try SharedFile("lockstep-worker", contents: bytes)
  }

  private static func read(_ path: String) -> [UInt8]? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = Descriptor(number)
    let size = lseek(file.number, 0, SEEK_END)
    guard size > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let count = bytes.withUnsafeMutableBytes { pread(file.number, $0.baseAddress, $0.count, 0) }
    return count == bytes.count ? bytes : nil
  }
}
