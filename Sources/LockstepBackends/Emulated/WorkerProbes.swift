public import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What arithmetic does on a CPU, real or shown: small computations in a worker that does nothing else.
public enum WorkerProbes: Hashable, Sendable {
  /// Single instructions: control words, NaNs, conversions, approximations.
  case instructions
  /// OpenBLAS's norms of vectors up to a length of at least 1,000.
  case norms(longest: Int)
  /// What products of denormal numbers cost and give, with and without flushing them to zero.
  case denormals
  /// What happens to instructions that the CPU may lack, in a process of their own.
  case illegalInstructions
  /// How fast matrices of shapes that trainings have are multiplied on one thread, in GFLOP/s: rows
  /// `blas ROWSxINNERxCOLUMNS` of OpenBLAS called once, `own …` of this package's product, and `left …`, 1 where
  /// that leaves it to OpenBLAS. With a library's file, another OpenBLAS than the one this is linked with.
  case products(milliseconds: Int, library: String? = nil)

  /// A result by its name.
  public struct Row: Codable, Hashable, Sendable {
    /// What was computed.
    public var name: String
    /// What came out.
    public var value: String

    /// Creates a row.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private var arguments: [String] {
    switch self {
    case .instructions: ["--probes"]
    case .norms(let longest): ["--probe-norms", "\(longest)"]
    case .denormals: ["--probe-denormals"]
    case .illegalInstructions: ["--probe-illegal"]
    case .products(let milliseconds, let library):
      ["--probe-products", "\(milliseconds)"] + (library.map { [$0] } ?? [])
    }
  }

  /// Runs the probes and waits for their results.
  ///
  /// - Parameters:
  ///   - translator: what they run under.
  ///   - profile: the CPU that is shown.
  ///   - blasCore: OpenBLAS's kernel set, where it is not to be the profile's; an empty name leaves the choice
  ///     to OpenBLAS.
  ///   - seconds: how long they may take.
  /// - Throws: ``/LockstepCore/BackendError/workerNotFound(searched:)``,
  ///   ``/LockstepCore/BackendError/translatorNotFound(name:install:)``,
  ///   ``/LockstepCore/BackendError/workerFailedToStart(lastLines:)`` where they give nothing, or not in time.
  public func run(
    under translator: Translator, profile: CPUProfile, blasCore: String? = nil, within seconds: Double
  ) throws(BackendError) -> [Row] {
    let worker = try WorkerLocation.find(architecture: profile.architecture)
    var launch = try WorkerLaunch(worker, translator: translator, profile: profile, own: arguments)
    if let blasCore {
      launch.environment.removeAll { $0.hasPrefix("OPENBLAS_CORETYPE=") }
      if !blasCore.isEmpty { launch.environment.append("OPENBLAS_CORETYPE=\(blasCore)") }
    }
    let bare = launch.usesBareExecutable ? try BareExecutable.copy(of: worker.path) : nil
    // They need no shared memory; a worker gets it in any case.
    let resources = WorkerProcess.Resources(
      control: try SharedFile("lockstep-control"), data: try SharedFile("lockstep-data"), bareExecutable: bare
    )
    let process = try WorkerProcess(launch, resources, keepingLines: 200)
    let end = try Self.wait(for: process, seconds: seconds)
    let rows = Self.rows(in: process.lastLines)
    guard end == .status(0), !rows.isEmpty else { throw .workerFailedToStart(lastLines: process.lastLines) }
    return rows
  }

  private static func wait(
    for process: WorkerProcess, seconds: Double
  ) throws(BackendError) -> WorkerEnd {
    let clock = ContinuousClock()
    let limit = clock.now.advanced(by: .seconds(max(0, seconds)))
    while true {
      if let end = process.end { return end }
      guard clock.now < limit else {
        process.kill()
        throw .workerFailedToStart(lastLines: ["no result within \(NumberFormat.duration(seconds))"])
      }
      usleep(2000)
    }
  }

  /// The rows among a worker's lines, if its object is complete; a translator's own remarks are passed over.
  static func rows(in lines: [String]) -> [Row] {
    guard lines.last == "}" else { return [] }
    return lines.compactMap { line in
      // `  "name": "value",`
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard line.hasPrefix("  \""), parts.count == 5, parts[2] == ": " else { return nil }
      return Row(String(parts[1]), String(parts[3]))
    }
  }
}
