import Lockstep
import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder of a report, which is there as a whole or not at all: files are written into one beside it, which
/// in the end takes its name.
final class ReportFolder {
  /// Where the report will be.
  let path: String
  private let draft: RunFolder
  private var files: [String] = []
  private var isPublished = false

  /// Makes the draft, so that what can't be written is known before anything is computed.
  ///
  /// - Parameter path: `runs/explain-<time>` if nil.
  /// - Throws: ``UsageError`` if something is there already, ``RunFolderError`` if nothing can be written there.
  init(_ path: String?) throws {
    if let path, !Self.isFree(path) {
      throw UsageError("\(path) is there already and not empty; choose another --output")
    }
    self.path = RunFolder(path ?? Self.unused()).path
    draft = RunFolder("\(self.path).\(getpid()).partial")
    try draft.create()
  }

  /// Writes a file of the report.
  func write(_ bytes: [UInt8], to name: String) throws {
    let file = "\(draft.path)/\(name)"
    do {
      try AtomicFile.write(bytes, to: file)
    } catch {
      throw CommandFailure("\(file) can't be written: \(error)")
    }
    files.append(name)
  }

  /// Where a program that writes a file of the report itself should write it.
  func draftPath(of name: String) -> String {
    files.append(name)
    return "\(draft.path)/\(name)"
  }

  /// Gives the draft its name.
  func publish() throws {
    // A folder can take an empty one's place.
    guard rename(draft.path, path) == 0 else {
      throw CommandFailure("\(path) can't be made: \(String(cString: strerror(errno)))")
    }
    isPublished = true
  }

  /// Leaves nothing of a report that was not published.
  deinit {
    guard !isPublished else { return }
    for name in files { unlink("\(draft.path)/\(name)") }
    rmdir(draft.path)
  }

  private static func unused() -> String {
    let time = Date().formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.omitted)).prefix(15)
    let base = "runs/explain-\(time)"
    return ([base] + (2...999).map { "\(base)-\($0)" }).first(where: isFree) ?? base
  }

  /// Whether nothing is there but, at most, an empty folder.
  private static func isFree(_ path: String) -> Bool {
    guard let handle = opendir(path) else { return access(path, F_OK) != 0 }
    defer { closedir(handle) }
    var count = 0
    while readdir(handle) != nil { count += 1 }
    // The folder itself and the one above it.
    return count <= 2
  }
}
