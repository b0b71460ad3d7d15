import LockstepBackends
import LockstepCore
import Testing

/// A backend that tests are run on.
struct TestBackend: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable () throws -> any Backend

  var testDescription: String { name }

  /// Every backend that can be made on this machine: the native one at each instruction-set level.
  static let all =
    [TestBackend(name: "reference") { ReferenceBackend() }]
    + NativeBackend.availableISALevels.map { level in
      TestBackend(name: "native \(level)") { try NativeBackend(isaLevel: level) }
    }
}
