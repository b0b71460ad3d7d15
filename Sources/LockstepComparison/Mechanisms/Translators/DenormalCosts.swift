import LockstepBackends
import LockstepCore
import LockstepTraining

/// What denormal numbers cost and whether they are kept, on each engine.
///
/// A CPU may take a hundred cycles for them where others take one; libraries that switch them off (flush to
/// zero) get other numbers, and a translator may ignore the switch. Lockstep never touches it.
public struct DenormalCosts: Codable, Hashable, Sendable {
  /// An operation on an engine.
  public struct Row: Codable, Hashable, Sendable {
    /// The engine.
    public var engine: String
    /// The operation.
    public var operation: String
    /// How many elements its operands have.
    public var count: Int
    /// Seconds with normal operands, the median.
    public var normalSeconds: Double
    /// Seconds with denormal operands, the median.
    public var denormalSeconds: Double
    /// How many results of denormal operands are not what IEEE 754 says.
    public var wrong: Int
    /// How many of those are 0, as if denormals were.
    public var flushed: Int

    /// How many times as long denormal operands take.
    public var ratio: Double { denormalSeconds / normalSeconds }
  }

  /// All of them.
  public var rows: [Row]
  /// Engines that don't run here, or stopped.
  public var omissions: [Omission]
}

/// Measures ``DenormalCosts``.
public struct DenormalExperiment: MechanismExperiment {
  /// Its name, as evidence in the table of mechanisms.
  public static let name = "denormals"

  private static let repetitions = 9
  /// A fifth of the smallest normal number; twice and three times it are denormal, too.
  private static let small: Float = 0x1p-126 / 5
  private static let factor: Float = 3

  /// How many numbers an operand has.
  public var count: Int

  /// Creates an experiment.
  public init(count: Int = 1 << 18) { self.count = count }

  /// Measures on every engine.
  public func run(on bench: MechanismBench, until deadline: Deadline) throws -> DenormalCosts {
    var costs = DenormalCosts(rows: [], omissions: [])
    for engine in bench.engines {
      guard !deadline.hasPassed else {
        costs.omissions.append(Omission(engine.name, reason: "there was no time left"))
        continue
      }
      bench.report(engine.name)
      let measured = try bench.workbench.attempt(engine) { device in
        try rows(engine.name, on: device, until: deadline)
      }
      if let measured {
        costs.rows += measured
      } else {
        let problem = bench.workbench.record(of: engine)?.problem ?? "it does not run here"
        costs.omissions.append(Omission(engine.name, reason: problem))
      }
    }
    return costs
  }

  /// Measures every operation on a device.
  func rows(
    _ engine: String, on device: Device, until deadline: Deadline
  ) throws(BackendError) -> [DenormalCosts.Row] {
    var rows: [DenormalCosts.Row] = []
    for operation in Self.operations {
      rows.append(try measure(operation, engine: engine, on: device, until: deadline))
    }
    return rows
  }

  /// An operation on equal numbers, and what it gives for one: exact in double precision, so that rounding it
  /// once more is right.
  private struct Subject: Sendable {
    let name: String
    let compute: @Sendable (Tensor) -> Tensor
    let exact: @Sendable (Float) -> Double
    /// Every element is so much work that fewer suffice.
    var divisor = 1
  }

  private static let operations = [
    Subject(name: "x + x", compute: { $0 + $0 }, exact: { 2 * Double($0) }),
    Subject(name: "3 x", compute: { $0 * factor }, exact: { Double(factor) * Double($0) }),
    Subject(
      name: "x A (matrix product)",
      compute: { x in
        // Rows of 64 numbers times the identity: every result is one of the numbers.
        x.reshaped([x.count / 64, 64]).matmul(Tensor.eye(64, on: x.device))
      }, exact: { Double($0) }, divisor: 16),
  ]

  /// Measures an operation, with normal and with denormal operands in turn: what slows the machine for a while
  /// slows both.
  private func measure(
    _ subject: Subject, engine: String, on device: Device, until deadline: Deadline
  ) throws(BackendError) -> DenormalCosts.Row {
    let count = max(64, self.count / subject.divisor / 64 * 64)
    func operand(_ number: Float) -> Tensor { Tensor([Float](repeating: number, count: count), on: device) }
    let (normal, denormal) = (operand(1), operand(Self.small))
    // The first calls translate the code.
    _ = try Self.time(subject, normal, on: device)
    var normalSeconds: [Double] = []
    var denormalSeconds: [Double] = []
    var result = try Self.time(subject, denormal, on: device).result
    repeat {
      normalSeconds.append(try Self.time(subject, normal, on: device).seconds)
      let timed = try Self.time(subject, denormal, on: device)
      denormalSeconds.append(timed.seconds)
      result = timed.result
    } while normalSeconds.count < Self.repetitions && !deadline.hasPassed
    let expected = Float(subject.exact(Self.small))
    let values = try result.scalars(as: Float.self)
    let wrong = values.filter { $0 != expected }
    return DenormalCosts.Row(
      engine: engine, operation: subject.name, count: count, normalSeconds: normalSeconds.median,
      denormalSeconds: denormalSeconds.median, wrong: wrong.count, flushed: wrong.count { $0 == 0 })
  }

  private static func time(
    _ subject: Subject, _ operand: Tensor, on device: Device
  ) throws(BackendError) -> (result: Tensor, seconds: Double) {
    try device.synchronize()
    let clock = ContinuousClock()
    let begin = clock.now
    let result = subject.compute(operand)
    try device.synchronize()
    return (result, begin.duration(to: clock.now).seconds)
  }
}
