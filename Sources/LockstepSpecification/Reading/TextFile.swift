#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The most that is read; ``Value/init(yaml:file:as:)`` refuses less, and says so.
private let sizeLimit = 1 << 20

/// The text of a file, without Foundation.
func readText(_ path: String, as kind: DocumentKind) throws(SpecificationError) -> String {
  // Without O_NONBLOCK a named pipe would wait for a writer forever.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw failure(path) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count <= sizeLimit {
    let count = read(descriptor, &chunk, chunk.count)
    if count == 0 { break }
    if count < 0 {
      if errno == EINTR { continue }
      throw failure(path)
    }
    bytes += chunk[..<count]
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw SpecificationError(file: path, problem: "the file is not text in UTF-8; is it a \(kind.name)?")
  }
  return text
}

/// What the system says about the call that just failed.
private func failure(_ path: String) -> SpecificationError {
  SpecificationError(file: path, problem: String(cString: strerror(errno)))
}
