import Foundation

/// A folder that is gone with its owner.
final class TemporaryFolder {
  let path: String

  /// In memory where that is possible: a run waits for the disk several times an epoch.
  private static let place =
    FileManager.default.isWritableFile(atPath: "/dev/shm")
    ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory

  init() {
    let url = Self.place.appending(path: "lockstep-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Visible and hidden names in it, sorted.
  var names: [String] { try! FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// The bytes of a file; fails the program if there is none.
func contents(of path: String) -> [UInt8] { [UInt8](FileManager.default.contents(atPath: path)!) }

/// The text of a file; fails the program if there is none.
func text(of path: String) -> String { String(decoding: contents(of: path), as: UTF8.self) }
