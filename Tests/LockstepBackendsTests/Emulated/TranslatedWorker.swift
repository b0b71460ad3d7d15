@testable import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

/// The rules of tests that need a binary translator.
enum TranslatedTests {
  /// Whether they are run. A missing translator is a failure, not a reason to be silent: only
  /// `LOCKSTEP_SKIP_EMULATED=1` leaves them out, and not where `CI` is set.
  static func areWanted(_ variable: (String) -> String?) -> Bool {
    variable("CI") == "true" || variable("LOCKSTEP_SKIP_EMULATED") != "1"
  }

  static let areWanted = areWanted { Environment[$0] }

  /// Whether every case is run, however long it takes: `LOCKSTEP_FULL_CONFORMANCE=1`.
  static let areComplete = Environment["LOCKSTEP_FULL_CONFORMANCE"] == "1"
}

/// A worker under a translator whose results are held against the control's.
struct TranslatedWorker: Sendable, CustomTestStringConvertible {
  let translator: Translator
  let profile: CPUProfile
  /// Cases of more estimated work than this are left out unless all are wanted: chosen so that the suites
  /// together take less than a minute on two cores. 1e6 keeps 4,762 of 5,543 cases, 2e6 keeps 5,090.
  let workLimit: Double

  var testDescription: String { "\(translator.name) \(profile.name)" }

  func make() throws(BackendError) -> EmulatedBackend {
    try EmulatedBackend(translator: translator, profile: profile, threads: 2)
  }

  /// The same code, not translated.
  func makeControl() throws(BackendError) -> EmulatedBackend {
    try EmulatedBackend(translator: .none, profile: profile, threads: 2)
  }

  /// The cases that are not too long.
  func cases(of kind: OperationKind) -> [ConformanceCase] {
    kind.cases.filter { TranslatedTests.areComplete || $0.estimatedWork <= workLimit }
  }

  static let qemu = TranslatedWorker(translator: .qemu, profile: .rosetta2Launch, workLimit: 1e6)
  static let valgrind = TranslatedWorker(translator: .valgrind, profile: .rosetta2Launch, workLimit: 2e6)
  static let all = [qemu, valgrind]
}

extension ConformanceCase {
  /// About how many floating-point operations it takes, as the watchdog reckons.
  var estimatedWork: Double {
    func operands(_ specs: [TensorSpec]) -> [Operand] { specs.map { Operand(BufferID(rawValue: 0), $0) } }
    return Instruction(operation, inputs: operands(inputs.map(\.spec)), outputs: operands(outputSpecs))
      .estimatedWork
  }
}
