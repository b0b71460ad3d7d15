import LockstepBackends
import LockstepComparison
import LockstepCore
import LockstepTraining

/// How fast OpenBLAS's kernel sets multiply matrices on this machine, each in processes of its own, in turn.
public struct BLASMeasurement: Encodable, Sendable {
  /// A kernel set.
  public struct Kernels: Encodable, Sendable {
    /// Its name.
    public var name: String
    /// GFLOP/s of one thread by shape, `ROWSxINNERxCOLUMNS`: the best call of all rounds.
    public var rates: [String: Double]
    /// The same of Lockstep's product, which uses it for small ones.
    public var ownRates: [String: Double]
    /// How many times as fast as the set in use: the median of the rounds, each the geometric mean over the shapes
    /// that are left to OpenBLAS.
    public var ratio: Double?
    /// The least and the most of the rounds.
    public var ratioRange: [Double]
    /// Why it is not to be had here.
    public var problem: String?
  }

  /// The kernel set that this process uses.
  public var inUse: String
  /// The one that OpenBLAS chooses for this CPU by itself.
  public var ownChoice: String?
  /// All that were tried.
  public var kernels: [Kernels]
  /// The shapes that Lockstep leaves to OpenBLAS at this CPU's instruction-set level.
  public var shapesOfBLAS: [String]
  /// Another OpenBLAS, if one was given, with the kernel set that it chooses itself.
  public var other: Other?
  /// Wall time it took, in seconds.
  public var seconds: Double

  /// Another OpenBLAS than the one in use.
  public struct Other: Encodable, Sendable {
    /// Its file.
    public var path: String
    /// Its version and build; nil if it could not be loaded.
    public var library: String?
    /// What it does, against the kernel set in use.
    public var kernels: Kernels

    /// `OpenBLAS 0.3.31`, or the file's name.
    public var name: String {
      let words = (library ?? "").split(separator: " ").prefix(2)
      return words.count == 2 ? words.joined(separator: " ") : path
    }
  }

  /// The quickest set, if it is so for certain: in every round, and by more than the noise of a quiet machine.
  public var quicker: Kernels? {
    let better = kernels.filter { kernels in
      kernels.name != inUse && (kernels.ratio ?? 0) >= Self.leastGain && (kernels.ratioRange.first ?? 0) > 1
    }
    return better.max { ($0.ratio ?? 0) < ($1.ratio ?? 0) }
  }

  /// Of one set the rates of two quiet minutes differ by as much.
  static let leastGain = 1.03
}

/// Takes ``BLASMeasurement``.
public struct BLASMeasuring {
  private static let rounds = 3
  /// Of one process: ten products of 15 ms.
  private static let milliseconds = 150
  /// A process that hangs is given up.
  private static let patience = 5.0

  private let inUse: String
  private let architecture: String
  private let isaLevels: [String]
  private let library: String?
  private let run: (_ core: String, _ library: String?) throws -> [WorkerProbes.Row]

  /// Prepares it.
  ///
  /// - Parameters:
  ///   - inUse: this process's kernel set.
  ///   - library: the file of another OpenBLAS, to be measured beside it.
  public init(inUse: String, library: String? = nil) {
    let isaLevels = NativeBackend.availableISALevels
    let level = isaLevels.last ?? "scalar"
    self.init(
      inUse: inUse, library: library, architecture: BackendDescriptor.hostArchitecture, isaLevels: isaLevels
    ) { core, library in
      try WorkerProbes.products(milliseconds: Self.milliseconds, library: library).run(
        under: .none, profile: .kernels(core: core, isaLevel: level), blasCore: core, within: Self.patience)
    }
  }

  /// - Parameter run: gives the rows of a process with a kernel set, or with OpenBLAS's own choice for "", and with
  ///   another OpenBLAS where a file is given.
  init(
    inUse: String, library: String? = nil, architecture: String, isaLevels: [String],
    run: @escaping (_ core: String, _ library: String?) throws -> [WorkerProbes.Row]
  ) {
    self.inUse = inUse
    self.library = library
    self.architecture = architecture
    self.isaLevels = isaLevels
    self.run = run
  }

  /// Kernel sets that this CPU may run and that are not far too old for it.
  var candidates: [String] {
    let known = KernelCandidate.coreNames(architecture: architecture)
    guard architecture == "x86_64" else { return known }
    let levels: [(String, [String])] = [
      ("x86-64-v4", ["Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"]),
      ("x86-64-v3", ["Sandybridge", "Haswell", "Zen"]), ("x86-64-v2", ["Core2", "Nehalem", "Sandybridge"]),
    ]
    let fitting = levels.first { isaLevels.contains($0.0) }?.1 ?? ["Prescott", "Core2"]
    return known.filter(fitting.contains)
  }

  /// Measures.
  ///
  /// - Parameter report: is told what is under way.
  public func measure(report: (String) -> Void = { _ in }) -> BLASMeasurement {
    let clock = ContinuousClock()
    let begin = clock.now
    let ownChoice = (try? run("", nil)).flatMap { Self.text("BLAS core", in: $0) }
    var sets = ([inUse] + candidates.filter { $0.lowercased() != inUse.lowercased() }).map {
      Samples(name: $0)
    }
    var other = library.map { OtherSamples(path: $0) }
    for round in 1...Self.rounds {
      for index in sets.indices where sets[index].problem == nil {
        report("\(sets[index].name), round \(round) of \(Self.rounds)")
        take(&sets[index])
      }
      if other != nil, other?.samples.problem == nil {
        report("\(library ?? ""), round \(round) of \(Self.rounds)")
        take(&other!)
      }
    }
    let shapes = sets.first?.rounds.first?.left.sorted() ?? []
    return BLASMeasurement(
      inUse: inUse, ownChoice: ownChoice, kernels: sets.map { $0.kernels(against: sets[0], shapes) },
      shapesOfBLAS: shapes,
      other: other.map { other in
        .init(
          path: other.path, library: other.library, kernels: other.samples.kernels(against: sets[0], shapes))
      }, seconds: begin.duration(to: clock.now).seconds)
  }

  private func take(_ other: inout OtherSamples) {
    do {
      let rows = try run("", other.path)
      other.library = Self.text("BLAS library", in: rows)
      other.samples.name = Self.text("BLAS core", in: rows) ?? ""
      other.samples.rounds.append(Round(rows))
    } catch BackendError.workerFailedToStart(let lines) {
      // The loader's reason is the last that is said.
      other.samples.problem = lines.last ?? "no result"
    } catch {
      other.samples.problem = "\(error)"
    }
  }

  private func take(_ set: inout Samples) {
    do {
      let rows = try run(set.name, nil)
      let core = Self.text("BLAS core", in: rows)
      guard core?.lowercased() == set.name.lowercased() else {
        set.problem = "this OpenBLAS takes \(core ?? "another") instead"
        return
      }
      set.rounds.append(Round(rows))
    } catch {
      set.problem = "\(error)"
    }
  }

  private static func text(_ name: String, in rows: [WorkerProbes.Row]) -> String? {
    rows.first { $0.name == name }?.value
  }
}

/// What one process measured.
private struct Round {
  var blas: [String: Double] = [:]
  var own: [String: Double] = [:]
  /// The shapes that Lockstep leaves to OpenBLAS.
  var left: Set<String> = []

  init(_ rows: [WorkerProbes.Row]) {
    for row in rows {
      let words = row.name.split(separator: " ").map(String.init)
      guard words.count == 2, let rate = Double(row.value), rate > 0, rate.isFinite else { continue }
      if words[0] == "blas" { blas[words[1]] = rate }
      if words[0] == "own" { own[words[1]] = rate }
      if words[0] == "left" { left.insert(words[1]) }
    }
  }
}

/// The rounds of another OpenBLAS.
private struct OtherSamples {
  let path: String
  var library: String?
  var samples = Samples(name: "")

  init(path: String) { self.path = path }
}

/// The rounds of a kernel set.
private struct Samples {
  var name: String
  var rounds: [Round] = []
  var problem: String?

  init(name: String) { self.name = name }

  func kernels(against other: Samples, _ shapes: [String]) -> BLASMeasurement.Kernels {
    let ratios = zip(rounds, other.rounds).map { mine, theirs -> Double? in
      let ratios = shapes.compactMap { shape in
        mine.blas[shape].flatMap { rate in theirs.blas[shape].map { rate / $0 } }
      }
      return GeometricMean(of: ratios)?.value
    }.compactMap(\.self).sorted()
    return BLASMeasurement.Kernels(
      name: name, rates: best(\.blas), ownRates: best(\.own),
      ratio: ratios.isEmpty || problem != nil ? nil : ratios[ratios.count / 2],
      ratioRange: ratios.isEmpty ? [] : [ratios[0], ratios[ratios.count - 1]], problem: problem)
  }

  private func best(_ part: KeyPath<Round, [String: Double]>) -> [String: Double] {
    rounds.reduce(into: [:]) { $0.merge($1[keyPath: part]) { max($0, $1) } }
  }
}
