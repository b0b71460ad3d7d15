import ArgumentParser
import Lockstep

/// The options that make a run faulty on purpose.
struct FaultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For testing what looks for faults: make this mistake on purpose; 'list' lists them.",
      valueName: "name"))
  var injectFault: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Where and when the mistake is made is a function of it. (default: 0)", valueName: "number"))
  var faultSeed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often a mistake is made that is made now and then, 0 to 1. (default: 0.01)", valueName: "number"))
  var faultProbability: Double?
}

/// A mistake to make, with its settings.
struct FaultSelection {
  let fault: Fault
  let seed: UInt64
  let probability: Double

  /// Reads the options; nil where nothing is to go wrong.
  ///
  /// - Parameter recorded: the fault of a run that goes on. A run that was faulty stays so, and stays marked.
  /// - Throws: ``UsageError`` for an unknown name, or settings that make no sense.
  init?(_ options: FaultOptions, recorded: InjectedFault? = nil) throws {
    guard let name = options.injectFault ?? recorded?.name else {
      if options.faultSeed != nil { throw UsageError("--fault-seed goes with --inject-fault") }
      if options.faultProbability != nil { throw UsageError("--fault-probability goes with --inject-fault") }
      return nil
    }
    guard let fault = Fault(rawValue: name) else {
      let known = Fault.allCases.map(\.name).joined(separator: ", ")
      throw UsageError(
        name == "list" ? "the faults are \(known)" : "there is no fault '\(name)'; the faults are \(known)")
    }
    if let probability = options.faultProbability {
      guard fault.isSporadic else {
        throw UsageError("\(name) is always made: it has no --fault-probability")
      }
      guard (0...1).contains(probability) else {
        throw UsageError("--fault-probability must be from 0 to 1, not \(probability)")
      }
    }
    let before = recorded?.name == name ? recorded : nil
    self.fault = fault
    seed = options.faultSeed ?? before?.seed ?? 0
    probability =
      options.faultProbability ?? before?.probability ?? FaultInjectingBackend.standardProbability
  }

  /// The backend with the mistake.
  func injected(into backend: any Backend) -> any Backend {
    FaultInjectingBackend(backend, fault, seed: seed, probability: probability)
  }

  /// What is said of the run, whatever it was told to be silent about.
  var warning: String { "this run is faulty on purpose (\(fault.name)): \(fault.summary)" }
}
