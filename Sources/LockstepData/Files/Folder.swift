#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is in a folder, in byte order, so the same on every machine and file system.
package struct Folder {
  package var folders: [String] = []
  package var files: [String] = []

  /// Lists a folder; links are followed, a link to nowhere counts as a file (and fails when it is read).
  ///
  /// - Parameter includingHidden: names that begin with a dot, too.
  package init(listing path: String, includingHidden: Bool = false) throws(FileError) {
    guard let handle = opendir(path) else { throw FileError(errno: errno) }
    defer { closedir(handle) }
    while true {
      errno = 0
      guard let entry = readdir(handle) else { break }
      let name = Self.name(of: entry)
      guard includingHidden ? name != "." && name != ".." : !name.hasPrefix(".") else { continue }
      if Self.isFolder(entry, path + "/" + name) {
        folders.append(name)
      } else {
        files.append(name)
      }
    }
    guard errno == 0 else { throw FileError(errno: errno) }
    folders.sort(by: precedesInBytes)
    files.sort(by: precedesInBytes)
  }

  /// Asks the system about an entry only where the listing doesn't tell, or it is a link: in a folder of many
  /// files that takes longer than to read the list.
  private static func isFolder(_ entry: UnsafeMutablePointer<dirent>, _ path: @autoclosure () -> String)
    -> Bool
  {
    switch Int(entry.pointee.d_type) {
    case Int(DT_DIR): true
    case Int(DT_REG): false
    default: isFolder(path())
    }
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
    // Not `entry.pointee.d_name`: that copies 256 bytes, and an entry may be shorter than the struct.
    let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
    let start = UnsafeRawPointer(entry) + offset
    return String(cString: start.assumingMemoryBound(to: CChar.self))
  }
}

/// Swift orders strings by Unicode's canonical equivalence; file names are bytes.
func precedesInBytes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
