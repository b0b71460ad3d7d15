import Lockstep
import LockstepSpecification
import Testing

/// Trainings of `models/digits-cnn.yaml` on the digits.
@Suite("Checked trainings")
struct CheckedTrainingTests {
  private static func train(on backend: any Backend, epochs: Int) throws {
    let specification = try ModelSpecification(contentsOf: repositoryPath("models/digits-cnn.yaml"))
    let digits = try ImageFolder.load(repositoryPath("datasets/digits"))
    let model = try specification.makeModel(classes: 10, input: [8, 8, 1])
    let device = Device(backend)
    model.initialize(seed: 1, on: device)
    let configuration = TrainingConfiguration(
      epochs: epochs, batchSize: 32, learningRate: 0.05, momentum: 0.9, labelSmoothing: 0.1, seed: 1)
    try Trainer(model, configuration.operationByOperation, on: device).fit(digits.train, test: digits.test)
  }

  @Test(
    "a sound training goes by without a single look, on every level and in a worker",
    arguments: NativeBackend.availableISALevels + ["worker"])
  func sound(_ level: String) throws {
    let backend: any Backend =
      level == "worker"
      ? try EmulatedBackend(translator: .none, threads: 2) : try NativeBackend(threads: 2, isaLevel: level)
    let sentinel = SentinelBackend(backend, oracle: OperationOracle())
    try Self.train(on: sentinel, epochs: 2)
    #expect(sentinel.report.operationCount > 1000)
    #expect(sentinel.report.judgedCount == 0)
  }

  @Test(
    "a faulty training stops at the first faulty operation, and names it",
    arguments: [
      Fault.zeroTile, .shuffledWeightGradient, .nanLeak, .droppedLastTerm, .bfloat16Products, .tf32Products,
      .scaledGradient,
    ])
  func faulty(_ fault: Fault) throws {
    let faulty = FaultInjectingBackend(try NativeBackend(threads: 2), fault, seed: 2)
    do {
      try Self.train(on: SentinelBackend(faulty, oracle: OperationOracle()), epochs: 1)
      Issue.record("\(fault) went by")
    } catch BackendError.faultyOperation(let found) {
      let first = try #require(faulty.firstInjection)
      #expect(found.operation == first.operation)
      #expect(Origin(layer: found.layer, phase: found.phase) == first.origin)
      #expect(faulty.injectionCount == 1, "it is the very first")
      #expect(found.step ?? 0 >= 1)
    }
  }

  @Test("a twin, whose products are one unit in the last place off, trains on")
  func twin() throws {
    let noisy = FaultInjectingBackend(try NativeBackend(threads: 2), .ulpNoise)
    let sentinel = SentinelBackend(noisy, oracle: OperationOracle())
    try Self.train(on: sentinel, epochs: 1)
    #expect(noisy.injectionCount > 100 && sentinel.report.judgedCount == 0)
  }
}
