public import LockstepBackends
import LockstepCore

/// What arithmetic does without a translator and under each.
public struct ProbeTable: Codable, Hashable, Sendable {
  /// Probes on one engine.
  public struct Column: Codable, Hashable, Sendable {
    /// The engine.
    public var engine: String
    /// The translator by its name; nil without one.
    public var translator: String?
    /// The architecture of the machine code.
    public var architecture: String
    /// What the probes gave; empty where they did not run.
    public var rows: [WorkerProbes.Row]
    /// The kinds of probes that did not run, and why.
    public var omissions: [Omission]

    /// What a probe gave.
    public subscript(name: String) -> String? { rows.first { $0.name == name }?.value }
  }

  /// The control first, then translators; last another architecture, if there is a worker for it.
  public var columns: [Column]

  /// What a probe's name ends with that gives a time: no two of them are the same, and that says nothing.
  public static let timeSuffix = ": time"

  /// Probes of which not all columns of the control's architecture gave the same, in order.
  public var differing: [String] {
    let columns = columns.filter { $0.architecture == self.columns.first?.architecture && !$0.rows.isEmpty }
    var names: [String] = []
    for name in columns.flatMap(\.rows).map(\.name)
    where !names.contains(name) && !name.hasSuffix(Self.timeSuffix) {
      names.append(name)
    }
    return names.filter { name in Set(columns.map { $0[name] }).count > 1 }
  }
}

/// Runs ``/LockstepBackends/WorkerProbes`` under everything that is here.
public struct ProbeExperiment: MechanismExperiment {
  /// Its name, as evidence in the table of mechanisms.
  public static let name = "probes"

  /// Where `dnrm2`'s error is plain (10⁷), and `snrm2`'s on ARMv8 (5·10⁷).
  private static let longestNorm = (x86: 10_000_000, arm: 50_000_000)
  /// A translator that takes longer than this for the shortest probes has stopped.
  private static let secondsForInstructions = 30.0

  /// The longest vector whose norm is computed.
  public var longestNorm: Int?

  /// Creates an experiment.
  ///
  /// - Parameter longestNorm: the longest vector whose norm is computed; without it, one that shows the errors
  ///   that are known.
  public init(longestNorm: Int? = nil) { self.longestNorm = longestNorm }

  /// Runs the probes on every engine but the native one, quick ones first, and on the other architecture's worker.
  public func run(on bench: MechanismBench, until deadline: Deadline) throws -> ProbeTable {
    var columns: [ProbeTable.Column] = []
    for engine in bench.engines.filter({ $0 != .native() }) + Self.foreign(bench) {
      bench.report(engine.name)
      columns.append(probe(engine, until: deadline))
    }
    return ProbeTable(columns: columns)
  }

  /// The other architecture's worker under QEMU, on a machine of this one.
  private static func foreign(_ bench: MechanismBench) -> [Engine] {
    let isAsked = bench.profile.architecture == CPUProfile.neoverseN1.architecture
    return isAsked || BackendDescriptor.hostArchitecture != "x86_64" ? [] : [.worker(.qemu, .neoverseN1)]
  }

  private func probe(_ engine: Engine, until deadline: Deadline) -> ProbeTable.Column {
    guard case .worker(let translator, let profile) = engine else { preconditionFailure("\(engine.name)") }
    var column = ProbeTable.Column(
      engine: engine.name, translator: translator == .none ? nil : translator.name,
      architecture: profile.architecture, rows: [], omissions: [])
    let isARM = profile.architecture == "aarch64"
    let longest = longestNorm ?? (isARM ? Self.longestNorm.arm : Self.longestNorm.x86)
    let kinds: [(String, WorkerProbes, seconds: Double)] = [
      ("instructions", .instructions, Self.secondsForInstructions),
      ("instructions that a CPU may lack", .illegalInstructions, Self.secondsForInstructions),
      ("denormals", .denormals, Self.secondsForInstructions),
      ("norms", .norms(longest: longest), .infinity),
    ]
    for (name, probes, seconds) in kinds {
      guard !deadline.hasPassed else {
        column.omissions.append(Omission(name, reason: "there was no time left"))
        continue
      }
      do throws(BackendError) {
        // The norms that are known to be wrong are those of the oldest kernel set.
        let core = isARM && probes != .instructions ? "ARMV8" : nil
        column.rows += try probes.run(
          under: translator, profile: profile, blasCore: core, within: min(seconds, deadline.secondsLeft))
      } catch {
        column.omissions.append(Omission(name, reason: "\(error)"))
      }
    }
    return column
  }
}
