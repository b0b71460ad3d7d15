public import LockstepCore

/// Why a backend did not pass a case.
public struct ConformanceFailure: Hashable, Sendable {
  /// The case's name.
  public var caseName: String
  /// The operation's name; empty where the backend's protocol is checked, not its arithmetic.
  public var operation: String
  /// The operands.
  public var inputs: [TensorSpec]
  /// What is wrong: the worst element, what was got and wanted, and the bound; or what else happened.
  public var problem: String
}

extension ConformanceFailure: CustomStringConvertible {
  /// One line.
  public var description: String {
    let operands = inputs.isEmpty ? "" : " (\(inputs.map(\.description).joined(separator: ", ")))"
    return "\(caseName)\(operands): \(problem)"
  }
}

/// What came of holding a backend against the suite.
public struct ConformanceReport: Sendable {
  /// The backend that was held.
  public let backend: BackendDescriptor
  /// How many cases were run.
  public internal(set) var caseCount = 0
  /// The cases the backend says it does not support.
  public internal(set) var skipped: [String] = []
  /// The cases that failed.
  public internal(set) var failures: [ConformanceFailure] = []

  /// Whether everything that was run was right.
  public var passed: Bool { failures.isEmpty }

  /// The report of two suites on one backend.
  public static func + (lhs: ConformanceReport, rhs: ConformanceReport) -> ConformanceReport {
    var sum = lhs
    sum.caseCount += rhs.caseCount
    sum.skipped += rhs.skipped
    sum.failures += rhs.failures
    return sum
  }
}

extension ConformanceReport {
  mutating func fail(_ conformanceCase: ConformanceCase, _ problem: String) {
    failures.append(
      ConformanceFailure(
        caseName: conformanceCase.name, operation: conformanceCase.operation.name,
        inputs: conformanceCase.inputs.map(\.spec), problem: problem))
  }

  mutating func fail(_ check: GradientCheck, _ problem: String) {
    failures.append(
      ConformanceFailure(
        caseName: "gradient of \(check.name)", operation: check.operation.name,
        inputs: check.inputs.map(\.spec), problem: problem))
  }

  mutating func fail(_ promise: String, _ problem: String) {
    failures.append(ConformanceFailure(caseName: promise, operation: "", inputs: [], problem: problem))
  }
}

extension ConformanceReport: CustomStringConvertible {
  /// A line for every failure, and one with the counts.
  public var description: String {
    let name = "\(backend.name) (\(backend.architecture), \(backend.isaLevel))"
    let counts = "\(name): \(caseCount) cases, \(failures.count) failed, \(skipped.count) not supported"
    return (failures.map(\.description) + [counts]).joined(separator: "\n")
  }
}
