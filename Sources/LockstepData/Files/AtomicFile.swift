#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes files so that a reader, or a crash, finds the old contents or the new, never a part.
package enum AtomicFile {
  /// Writes to a temporary file beside `path`, waits for the disk, and puts it in the place of `path`.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(errno: errno) }
    do throws(FileError) {
      try writeAll(bytes, to: descriptor)
      guard fsync(descriptor) == 0 else { throw FileError(errno: errno) }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    // A file system may report a full disk only here.
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw FileError(errno: code)
    }
    synchronizeFolder(of: path)
  }

  /// Writes all bytes to a descriptor.
  package static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          Darwin.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        #elseif canImport(Musl)
          Musl.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        #else
          Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        #endif
      }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        throw FileError(errno: errno)
      }
    }
  }

  /// Makes a rename last through a power failure, where the file system can.
  private static func synchronizeFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
