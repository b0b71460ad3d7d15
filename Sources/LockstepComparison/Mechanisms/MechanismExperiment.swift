public import LockstepBackends
public import LockstepCore

/// What the experiments on mechanisms are done with.
public struct MechanismBench {
  /// The engines, started when first asked for.
  public let workbench: Workbench
  /// What the native backend says it is.
  public let native: BackendDescriptor
  /// The CPU whose kernels are the control's, and that translators show.
  public let profile: CPUProfile
  /// The translators that are asked for, whether they are here or not.
  public let translators: [Translator]
  /// Is told what is being done.
  public let report: (String) -> Void

  /// Creates a bench.
  public init(
    _ workbench: Workbench, native: BackendDescriptor, profile: CPUProfile, translators: [Translator],
    report: @escaping (String) -> Void = { _ in }
  ) {
    self.workbench = workbench
    self.native = native
    self.profile = profile
    self.translators = translators
    self.report = report
  }

  /// Native, the control where the CPU is of its architecture, and every translator.
  public var engines: [Engine] {
    let control: [Engine] =
      profile.architecture == BackendDescriptor.hostArchitecture ? [.worker(.none, profile)] : []
    return [.native()] + control + translators.map { .worker($0, profile) }
  }
}

/// A numerical experiment on what another machine is said to change.
///
/// It holds results against float64 or the exact numbers, never against "native": that can be the wrong one.
/// What there is no time for is left out of the outcome, which says so.
public protocol MechanismExperiment {
  /// What comes of it.
  associatedtype Outcome: Codable, Hashable, Sendable

  /// Its name, as evidence in the table of mechanisms.
  static var name: String { get }

  /// Does it.
  ///
  /// - Throws: ``/LockstepCore/BackendError`` where not even the native backend works.
  func run(on bench: MechanismBench, until deadline: Deadline) throws -> Outcome
}

/// Something that could not be done here, and why.
public struct Omission: Codable, Hashable, Sendable {
  /// What it is, such as an engine.
  public var subject: String
  /// Why.
  public var reason: String

  /// Creates an omission.
  public init(_ subject: String, reason: String) {
    self.subject = subject
    self.reason = reason
  }
}
