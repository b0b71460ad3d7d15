import Foundation

/// The path of a file of this repository, for tests that read what is shipped.
func repositoryPath(_ path: String) -> String {
  var root = URL(filePath: #filePath)
  for _ in 0..<4 { root.deleteLastPathComponent() }  // This file, Support, LockstepNNTests, Tests.
  return root.appending(path: path).path
}
