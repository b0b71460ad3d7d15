public import LockstepBenchmark
public import LockstepCore

/// What a machine is, and what is wrong with it.
public struct MachineReport: Encodable, Sendable {
  /// This program.
  public struct Program: Encodable, Sendable {
    /// Its path.
    public var path: String
    /// Its version.
    public var version: String
    /// What it was compiled for.
    public var architecture: Architecture
    /// Whether without optimisation.
    public var isDebugBuild: Bool
  }

  /// Instruction-set levels.
  public struct Levels: Encodable, Sendable {
    /// What this CPU runs, lowest first.
    public var available: [String]
    /// What `LOCKSTEP_ISA` asks for; nil if nothing.
    public var asked: String?
  }

  /// A backend that was tried.
  public struct BackendCheck: Encodable, Sendable {
    /// Its name on the command line.
    public var name: String
    /// Its translator; nil without one.
    public var translator: String?
    /// What it showed; nil if it did not start.
    public var backend: BackendDescriptor?
    /// Why it did not start.
    public var problem: String?
    /// How what is missing is installed.
    public var install: String?

    /// Creates a check's outcome.
    public init(
      name: String, translator: String?, backend: BackendDescriptor?, problem: String?, install: String?
    ) {
      self.name = name
      self.translator = translator
      self.backend = backend
      self.problem = problem
      self.install = install
    }
  }

  /// A program that Lockstep runs for something.
  public struct Tool: Encodable, Sendable {
    /// Its name.
    public var name: String
    /// Where it is; nil if it is not installed.
    public var path: String?
    /// Its version, as it says.
    public var version: String?
    /// What for.
    public var purpose: String
  }

  /// This program.
  public var program: Program
  /// CPU, memory, system, load.
  public var machine: MachineDescription
  /// Whether this program is translated.
  public var translation: Translation
  /// Cores and threads.
  public var topology: CPUTopology
  /// Processors that this process may use: its affinity and its container's quota.
  public var usableProcessors: Int
  /// What its control groups let it have.
  public var limits: ControlGroups
  /// Memory.
  public var memory: MemoryFacts
  /// Instruction-set levels.
  public var levels: Levels
  /// OpenBLAS's kernel set that the environment asks for; nil if none.
  public var askedBLASCore: String?
  /// Programs that are run.
  public var tools: [Tool]
  /// What computes here, each started.
  public var backends: [BackendCheck]
  /// The speed of OpenBLAS's kernel sets; nil if not measured.
  public var measurement: BLASMeasurement?
  /// What is wrong, and what mends it, the worst first.
  public var findings: [Finding] = []

  /// The native backend, where it starts.
  public var native: BackendDescriptor? { backends.first { $0.name == "native" }?.backend }

  /// Whether this program is translated, or seems to be.
  public static var isTranslated: Bool { Translation(.current).isTranslated }

  /// Looks at this machine.
  ///
  /// - Parameters:
  ///   - backends: what was tried to start, the native one first.
  ///   - measurement: the speed of OpenBLAS's kernel sets, if it was measured.
  public init(backends: [BackendCheck], measurement: BLASMeasurement?) {
    self.init(MachineFacts.current, backends: backends, measurement: measurement)
  }

  init(_ facts: MachineFacts, backends: [BackendCheck], measurement: BLASMeasurement?) {
    program = facts.program
    machine = facts.machine
    translation = facts.translation
    topology = facts.topology
    usableProcessors = facts.usableProcessors
    limits = facts.limits
    memory = facts.memory
    levels = facts.levels
    askedBLASCore = facts.askedBLASCore
    tools = facts.tools
    self.backends = backends
    self.measurement = measurement
    findings = MachineDiagnosis(self).findings
  }
}
