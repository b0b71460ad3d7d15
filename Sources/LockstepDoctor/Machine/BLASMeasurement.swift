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
  /// Wall time it took, in seconds.
  public var seconds: Double

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
  private let run: (String) throws -> [WorkerProbes.Row]

  /// Prepares it.
  ///
  /// - Parameter inUse: this process's kernel set.
  public init(inUse: String) {
    let isaLevels = NativeBackend.availableISALevels
    let level = isaLevels.last ?? "scalar"
    self.init(inUse: inUse, architecture: BackendDescriptor.hostArchitecture, isaLevels: isaLevels) { core in
      try WorkerProbes.products(milliseconds: Self.milliseconds).run(
        under: .none, profile: .kernels(core: core, isaLevel: level), blasCore: core, within: Self.patience)
    }
  }

  /// - Parameter run: gives the rows of a process with a kernel set, or with OpenBLAS's own choice for "".
  init(
    inUse: String, architecture: String, isaLevels: [String],
    run: @escaping (String) throws -> [WorkerProbes.Row]
  ) {
    self.inUse = inUse
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
    let ownChoice = (try? run("")).flatMap(Self.core)
    var sets = ([inUse] + candidates.filter { $0.lowercased() != inUse.lowercased() }).map {
      Samples(name: $0)
    }
    for round in 1...Self.rounds {
      for index in sets.indices where sets[index].problem == nil {
        report("\(sets[index].name), round \(round) of \(Self.rounds)")
        take(&sets[index])
      }
    }
    let shapes = sets.first?.rounds.first.map(shapesOfBLAS) ?? []
    return BLASMeasurement(
      inUse: inUse, ownChoice: ownChoice, kernels: sets.map { $0.kernels(against: sets[0], shapes) },
      shapesOfBLAS: shapes, seconds: begin.duration(to: clock.now).seconds)
  }

  private func take(_ set: inout Samples) {
    do {
      let rows = try run(set.name)
      guard let core = Self.core(rows), core.lowercased() == set.name.lowercased() else {
        set.problem = "this OpenBLAS takes \(Self.core(rows) ?? "another") instead"
        return
      }
      set.rounds.append(Round(rows))
    } catch {
      set.problem = "\(error)"
    }
  }

  private static func core(_ rows: [WorkerProbes.Row]) -> String? {
    rows.first { $0.name == "BLAS core" }?.value
  }

  /// Large products are Lockstep's own where it has kernels for them (`packed_product.c`).
  private func shapesOfBLAS(_ round: Round) -> [String] {
    let hasOwn = isaLevels.contains("x86-64-v3")
    return round.blas.keys.sorted().filter { shape in
      let edges = shape.split(separator: "x").compactMap { Int($0) }
      return !hasOwn || edges.contains { $0 < 256 }
    }
  }
}

/// What one process measured.
private struct Round {
  var blas: [String: Double] = [:]
  var own: [String: Double] = [:]

  init(_ rows: [WorkerProbes.Row]) {
    for row in rows {
      let words = row.name.split(separator: " ").map(String.init)
      guard words.count == 2, let rate = Double(row.value), rate > 0, rate.isFinite else { continue }
      if words[0] == "blas" { blas[words[1]] = rate }
      if words[0] == "own" { own[words[1]] = rate }
    }
  }
}

/// The rounds of a kernel set.
private struct Samples {
  let name: String
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
