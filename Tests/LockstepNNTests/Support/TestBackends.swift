import LockstepBackends
import LockstepCore
import Testing

/// A backend that tests are run on.
struct TestBackend: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable () throws -> any Backend

  var testDescription: String { name }

  /// Every backend that can be made on this machine.
  static let all = [
    TestBackend(name: "reference") { ReferenceBackend() },
    TestBackend(name: "native") { try NativeBackend() },
  ]

  /// Those that train W1 in seconds: the reference backend is plain Swift, and tests are debug builds.
  static let fast = all.filter { $0.name != "reference" }

  /// A device of its own.
  func device() throws -> Device { Device(try make()) }
}

extension Device {
  /// Where tests compute that are not about backends.
  static func reference() -> Device { Device(ReferenceBackend()) }
}

extension Tensor {
  /// Values without order from [−1, 1), the same in every run.
  static func uniformForTests(_ shape: Shape, index: UInt64 = 0, on device: Device) -> Tensor {
    var stream = RandomStream(seed: 99, purpose: .user, index: index)
    return .uniform(shape, in: -1..<1, using: &stream, on: device)
  }
}
