import Foundation
import Testing

/// The Python that `scripts/interchange-venv` makes, in which each file format's own reader is asked.
enum PythonPackages {
  private static let folder = URL(filePath: #filePath).appending(path: "../../../../.interchange")
    .standardized
  static let python = folder.appending(path: "bin/python").path

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether it is asked: where it is there, and where `CI` is set, where a missing one is a failure.
  static func areWanted(_ environment: [String: String], isThere: Bool) -> Bool {
    environment["CI"] == "true" || isThere
  }

  static let areWanted = areWanted(
    ProcessInfo.processInfo.environment, isThere: exists(folder.appending(path: "installed.txt").path))

  /// Whether PyTorch is there too, by `scripts/interchange-venv --torch`. Without it files it made are read.
  static let haveTorch = areWanted && exists(folder.appending(path: "torch.txt").path)
}

extension Sandbox {
  /// Runs a Python program in the sandbox and gives what it printed; the test fails if the program does.
  func python(_ program: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let outcome = try run(PythonPackages.python, ["-c", program])
    #expect(outcome.code == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome.output
  }
}

@Suite("Tests against Python packages")
struct PythonPackagesTests {
  @Test("are run where the packages are, and always where CI is set")
  func wanted() {
    #expect(!PythonPackages.areWanted([:], isThere: false))
    #expect(PythonPackages.areWanted([:], isThere: true))
    #expect(PythonPackages.areWanted(["CI": "true"], isThere: false))
  }
}
