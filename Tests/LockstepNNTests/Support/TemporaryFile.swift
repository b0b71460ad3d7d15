import Foundation

/// Runs a test with the path of a file that holds some bytes, and removes it.
func withTemporaryFile(bytes: [UInt8], _ body: (String) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID().uuidString).yaml")
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url.path)
}
