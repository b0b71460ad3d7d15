import ArgumentParser
import Lockstep

/// The options that choose what computes.
struct BackendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What computes: native, reference, control-x86, emulated-x86, emulated-arm64; `lockstep backends` explains. (default: native)",
      valueName: "name"), completion: .backends)
  var backend: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that compute; results don't depend on it. (default: all cores)", valueName: "number"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "What translates for emulated-…: qemu, valgrind, box64, fex, rosetta, or a path with arguments. (default: qemu)",
      valueName: "name"), completion: .translators)
  var translator: String?

  @Option(
    help: ArgumentHelp(
      "The CPU shown to control-… and emulated-…: rosetta2-launch, core2, avx2, neoverse-n1. (default: rosetta2-launch, for ARM64 neoverse-n1)",
      valueName: "name"), completion: .cpuProfiles)
  var cpuProfile: String?
}

/// A backend with its settings, all known and fitting each other.
struct BackendSelection {
  let choice: BackendChoice
  let threads: Int?
  let translator: Translator?
  let profile: CPUProfile?

  /// Reads the options.
  ///
  /// - Throws: ``UsageError`` for an unknown name, or a setting the backend doesn't have.
  init(_ options: BackendOptions) throws {
    try self.init(
      backend: options.backend, threads: options.threads, translator: options.translator,
      cpuProfile: options.cpuProfile)
  }

  /// Reads the options' values; what is nil was not given.
  init(backend: String?, threads: Int?, translator: String?, cpuProfile: String?) throws {
    choice = try backend.map { try BackendChoice(named: $0) } ?? .native
    if let threads, !(1...1024).contains(threads) {
      throw UsageError("--threads must be between 1 and 1024, not \(threads)")
    }
    self.threads = threads
    self.translator = try Self.translator(translator, choice)
    profile = try Self.profile(cpuProfile, choice)
  }

  /// Reads the options of a run that goes on: what they don't say is as it was, so that a run is not computed
  /// by one CPU's kernels first and by another's then, unless that was asked for.
  init(_ options: BackendOptions, resuming backend: BackendDescriptor) throws {
    var options = options
    if options.backend == nil || options.backend == backend.name {
      options.backend = backend.name
      options.translator = options.translator ?? backend.translatorName
      options.cpuProfile = options.cpuProfile ?? backend.cpuProfile
    }
    try self.init(options)
  }

  private static func translator(_ name: String?, _ choice: BackendChoice) throws -> Translator? {
    guard let name else { return choice.defaultTranslator }
    guard choice.defaultTranslator != nil else {
      throw UsageError(
        "--translator goes with --backend emulated-x86 or emulated-arm64, not \(choice.rawValue)")
    }
    guard let translator = Translator(name) else {
      let known = Translator.named.filter { $0 != .none }.map(\.name).joined(separator: ", ")
      throw UsageError("there is no translator '\(name)'; there are \(known), or a path with arguments")
    }
    guard translator != .none else {
      throw UsageError("without a translator nothing is emulated: --backend control-x86 is that")
    }
    return translator
  }

  private static func profile(_ name: String?, _ choice: BackendChoice) throws -> CPUProfile? {
    guard let name else { return choice.defaultProfile }
    guard let standard = choice.defaultProfile else {
      throw UsageError("--cpu-profile goes with control and emulated backends, not \(choice.rawValue)")
    }
    guard let profile = CPUProfile(named: name) else {
      let known = CPUProfile.all.map(\.name).joined(separator: ", ")
      throw UsageError("there is no CPU profile '\(name)'; there are \(known)")
    }
    guard profile.architecture == standard.architecture else {
      throw UsageError(
        "the CPU profile \(name) is \(profile.architecture), \(choice.rawValue) is \(standard.architecture)")
    }
    return profile
  }

  /// Starts the backend.
  func makeBackend() throws -> any Backend {
    switch choice {
    case .native: try NativeBackend(threads: threads)
    case .reference: ReferenceBackend()
    case .controlX86, .emulatedX86, .emulatedARM64:
      try EmulatedBackend(
        translator: translator ?? .none, profile: profile ?? .rosetta2Launch, threads: threads)
    }
  }

  /// Starts the backend.
  func makeDevice() throws -> Device { Device(try makeBackend()) }
}
