#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads files whole or in part, with a limit, without Foundation.
package enum FileReader {
  /// No image of ours is near this; a data set's files are read into memory one at a time a core.
  package static let defaultSizeLimit = 1 << 30

  /// The contents of a regular file of at most `limit` bytes.
  package static func read(_ path: String, limit: Int = defaultSizeLimit) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path)
    guard file.size <= limit else {
      throw FileError("the file has \(file.size) bytes, more than the limit of \(limit)")
    }
    return try file.read(count: file.size)
  }

  /// How many bytes a regular file has.
  package static func size(of path: String) throws(FileError) -> Int {
    let file = try OpenFile(path)
    return file.size
  }

  /// The first `count` bytes of a regular file, fewer if it is shorter.
  package static func readPrefix(_ path: String, count: Int) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path)
    return try file.read(count: min(count, file.size))
  }
}

/// An open descriptor of a regular file, closed with its owner.
package struct OpenFile: ~Copyable {
  private let descriptor: Int32
  /// How many bytes it has.
  package let size: Int

  /// Opens a file to read.
  package init(_ path: String) throws(FileError) {
    // Without O_NONBLOCK a named pipe called x.png would wait for a writer forever.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(errno: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileError(errno: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError(status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a regular file")
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads the `count` bytes from `offset` on, fewer where the file ends before.
  package borrowing func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    guard (0...size).contains(offset), count >= 0 else { return [] }
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw FileError(errno: errno) }
    return try read(count: min(count, size - offset))
  }

  /// Reads `count` bytes, or up to the end if the file has shrunk since it was opened.
  package borrowing func read(count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let descriptor = self.descriptor
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let target = buffer.baseAddress! + filled
        #if canImport(Darwin)
          let received = Darwin.read(descriptor, target, count - filled)
        #elseif canImport(Musl)
          let received = Musl.read(descriptor, target, count - filled)
        #else
          let received = Glibc.read(descriptor, target, count - filled)
        #endif
        if received > 0 {
          filled += received
        } else if received == 0 || errno != EINTR {
          failure = received == 0 ? 0 : errno
          return
        }
      }
    }
    guard failure == 0 else { throw FileError(errno: failure) }
    return bytes
  }
}
