import LockstepBackends
import Testing

@testable import LockstepCore

/// Runs each test with a reference backend of its own as the default device.
struct OnReference: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await Device.$taskDefault.withValue(Device(ReferenceBackend()), operation: function)
  }
}

extension Trait where Self == OnReference {
  static var onReference: Self { OnReference() }
}
