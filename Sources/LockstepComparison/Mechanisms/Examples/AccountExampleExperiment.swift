import LockstepBackends
import LockstepCore
import LockstepTraining

/// Runs ``AccountExamples``.
///
/// The size of an example is cut for an engine so that its calls fit into the engine's share of the time, as
/// reckoned from calls of smaller sizes. So a first call is the first of its size: the code was translated, and
/// memory was had, for a smaller one.
public struct AccountExampleExperiment: MechanismExperiment {
  /// Its name, as evidence in the table of mechanisms.
  public static let name = "account's examples"

  private static let repetitions = 5
  /// Calls that must fit: the first, a later one, and one of each size that another engine was cut to.
  private static let reckonedCalls = 4.0
  private static let sampleCount = 64

  /// The largest sizes; those that are asked for, but in tests.
  public var largest: (AccountExamples.Subject) -> Int

  /// Creates an experiment.
  public init(largest: @escaping (AccountExamples.Subject) -> Int = { $0.askedSize }) {
    self.largest = largest
  }

  /// Runs every example on every engine, and compares the engines' bits.
  public func run(on bench: MechanismBench, until deadline: Deadline) throws -> AccountExamples {
    var examples = AccountExamples(runs: [], equalities: [], omissions: [])
    var runsLeft = AccountExamples.Subject.allCases.count * bench.engines.count
    for subject in AccountExamples.Subject.allCases {
      var done: [(engine: Engine, size: Int, bytes: [UInt8])] = []
      for engine in bench.engines {
        bench.report("\(subject.rawValue): \(engine.name)")
        // What the quick ones leave over is the translated ones'.
        let share = deadline.secondsLeft / Double(runsLeft)
        runsLeft -= 1
        guard !deadline.hasPassed else {
          examples.omissions.append(
            Omission("\(subject.rawValue) on \(engine.name)", reason: "there was no time left"))
          continue
        }
        let result = try bench.workbench.attempt(engine) { device in
          try run(subject, engine.name, on: device, until: deadline.within(share))
        }
        if let result {
          examples.runs.append(result.run)
          done.append((engine, result.run.size, result.bytes))
        } else {
          let problem = bench.workbench.record(of: engine)?.problem ?? "it does not run here"
          examples.omissions.append(Omission("\(subject.rawValue) on \(engine.name)", reason: problem))
        }
      }
      examples.equalities += try compare(subject, done, bench.workbench, until: deadline)
    }
    return examples
  }

  /// Runs an example of the largest size that there is time for.
  func run(
    _ subject: AccountExamples.Subject, _ engine: String, on device: Device, until deadline: Deadline
  ) throws -> (run: AccountExamples.Run, bytes: [UInt8]) {
    let size = try chooseSize(subject, on: device, until: deadline)
    let input = ExampleInput(subject, size: size)
    let clock = ContinuousClock()
    let inputs = input.inputs(on: device)
    try device.synchronize()
    func call() throws(BackendError) -> (result: Tensor, seconds: Double) {
      let begin = clock.now
      let result = input.compute(inputs)
      try device.synchronize()
      return (result, begin.duration(to: clock.now).seconds)
    }
    let first = try call()
    var later: [Double] = []
    while later.count < Self.repetitions, !deadline.hasPassed { later.append(try call().seconds) }
    let bytes = try first.result.bytes()
    let sampled = Self.samples(input)
    let error = Self.error(bytes, input, at: sampled)
    let run = AccountExamples.Run(
      engine: engine, subject: subject, size: size, firstSeconds: first.seconds,
      warmSeconds: later.isEmpty ? nil : later.median, repetitions: later.count, error: error,
      sampled: sampled.count)
    return (run, bytes)
  }

  /// The largest size of which some calls fit into a time.
  ///
  /// A small product is slower for its size than a large one, so a call of the smallest foretells too long a
  /// time for the largest: the size it allows is tried in turn, as long as that allows a larger one.
  private func chooseSize(
    _ subject: AccountExamples.Subject, on device: Device, until deadline: Deadline
  ) throws(BackendError) -> Int {
    let sizes = ExampleInput.sizes(of: subject, from: largest(subject))
    var size = sizes[sizes.count - 1]
    // The first call translates the code.
    _ = try Self.time(ExampleInput(subject, size: size), on: device)
    while size < sizes[0] {
      let seconds = try Self.time(ExampleInput(subject, size: size), on: device)
      let rate = ExampleInput.work(subject, size: size) / max(1e-6, seconds)
      let affordable = Self.affordable(subject, sizes, rate: rate, seconds: deadline.secondsLeft)
      guard let affordable, affordable > size else { return size }
      size = affordable
    }
    return size
  }

  /// The largest size of which some calls fit into a time, at a rate of operations a second.
  static func affordable(
    _ subject: AccountExamples.Subject, _ sizes: [Int], rate: Double, seconds: Double
  ) -> Int? {
    sizes.first { reckonedCalls * ExampleInput.work(subject, size: $0) <= rate * seconds }
  }

  /// How long a call takes.
  private static func time(_ input: ExampleInput, on device: Device) throws(BackendError) -> Double {
    let inputs = input.inputs(on: device)
    try device.synchronize()
    let clock = ContinuousClock()
    let begin = clock.now
    _ = input.compute(inputs)
    try device.synchronize()
    return begin.duration(to: clock.now).seconds
  }

  /// Elements spread over the result, the corners among them.
  private static func samples(_ input: ExampleInput) -> [Int] {
    var stream = RandomStream(seed: RandomNumbers.seed, purpose: .experiment, index: 11)
    let random = (0..<Self.sampleCount).map { _ in stream.next(below: input.count) }
    return [0, input.count - 1] + random
  }

  private static func error(_ bytes: [UInt8], _ input: ExampleInput, at indices: [Int]) -> Double {
    let unit = input.elementSize == 8 ? 0x1p-53 : 0x1p-24
    let values = TensorValue(
      TensorSpec([input.count], input.elementSize == 8 ? .float64 : .float32), bytes: bytes
    ).reals
    let errors = indices.map { index in
      let exact = input.exact(at: index)
      return (values[index] - exact.value).magnitude / (unit * max(exact.scale, .leastNormalMagnitude))
    }
    return errors.contains { !$0.isFinite } ? .infinity : errors.max() ?? 0
  }

  /// Compares engines in pairs, each at the larger size that both did; who did a larger one does this, too.
  private func compare(
    _ subject: AccountExamples.Subject, _ done: [(engine: Engine, size: Int, bytes: [UInt8])],
    _ workbench: Workbench, until deadline: Deadline
  ) throws -> [AccountExamples.Equality] {
    var results: [Int: [Engine: [UInt8]]] = [:]
    for entry in done { results[entry.size, default: [:]][entry.engine] = entry.bytes }
    var equalities: [AccountExamples.Equality] = []
    for first in done.indices {
      for second in done.indices.dropFirst(first + 1) {
        let size = min(done[first].size, done[second].size)
        let input = ExampleInput(subject, size: size)
        var pair: [[UInt8]] = []
        for engine in [done[first].engine, done[second].engine] where !deadline.hasPassed {
          if results[size]?[engine] == nil {
            results[size, default: [:]][engine] = try workbench.attempt(engine) { device in
              try input.compute(input.inputs(on: device)).bytes()
            }
          }
          if let bytes = results[size]?[engine] { pair.append(bytes) }
        }
        guard pair.count == 2 else { continue }
        equalities.append(
          .init(
            subject: subject, first: done[first].engine.name, second: done[second].engine.name, size: size,
            differing: BitDifference.count(pair[0], pair[1], elementSize: input.elementSize),
            count: input.count))
      }
    }
    return equalities
  }
}
