import Lockstep
import Testing

@Suite("Two backends' differences in a training")
struct DifferenceSearchTests {
  @Test("the same backend twice differs in nothing, and every operation of every layer is green")
  func identical() throws {
    let report = try SmallTraining.search(NativeBackend(), NativeBackend(), steps: 3)
    #expect(report.differingInstructionCount == 0)
    #expect(report.firstDifference == nil && report.firstFault == nil && report.firstFlip == nil)
    #expect(report.worstBand == .green)
    #expect(report.instructionCount == report.rows.reduce(0) { $0 + $1.instructionCount })
    #expect(report.steps.map(\.step) == [1, 2, 3])
    #expect(report.steps.allSatisfy { $0.lossDifference == 0 })
    let kinds = Set(report.rows.map { "\($0.kind)" })
    #expect(
      kinds.isSuperset(of: [
        "layers.0 (forward) conv2D", "layers.0 (backward) conv2DWeightGradient",
        "layers.1 (forward) maxPool2D", "layers.3 (backward) matmul", "(update) sgd",
        "loss (forward) softmaxCrossEntropy", "metrics (forward) argMax",
      ]))
  }

  @Test("the training is the first backend's, to the bit")
  func losses() throws {
    final class Losses: TrainingObserver {
      var values: [Float] = []
      func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { values.append(report.loss) }
    }
    let task = SmallTraining.task()
    let device = Device(try NativeBackend())
    let model = try task.makeModel()
    model.initialize(seed: 0, on: device)
    let losses = Losses()
    try Trainer(model, task.configuration.operationByOperation, on: device).fit(
      task.train, test: task.test, observers: [losses], shouldStop: { losses.values.count == 3 })
    let report = try SmallTraining.search(NativeBackend(), ReferenceBackend(), steps: 3, judged: 1)
    #expect(report.steps.map { Float($0.loss?.first ?? .nan) } == losses.values)
  }

  @Test("kernels that round otherwise differ by little, in products first, and nothing is faulty")
  func rounding() throws {
    let report = try SmallTraining.search(NativeBackend(), ReferenceBackend(), steps: 2)
    let difference = try #require(report.firstDifference)
    #expect(difference.place.step == 1)
    #expect(difference.place.kind == .init(operation: "conv2D", layer: "layers.0", phase: .forward))
    #expect(difference.place.position == 1)
    #expect(difference.elementCount == 8 * 8 * 8 * 4)
    #expect(difference.count > 0 && difference.count < difference.elementCount)
    #expect(difference.values.first != difference.values.second)
    // The reference rounds once; nothing is closer to the exact result.
    #expect(difference.closeness?.first == 0)
    #expect(try #require(difference.closeness).second > 0)
    #expect(report.firstFault == nil)
    #expect(report.worstBand == .green)
  }

  @Test("only the steps that were asked for are judged, and the first one always is", arguments: [0, 1, 2])
  func judgedSteps(_ judged: Int) throws {
    let report = try SmallTraining.search(NativeBackend(), NativeBackend(), steps: 3, judged: judged)
    #expect(report.judgedStepCount == max(judged, 1))
    let convolution = try #require(report.rows.first { $0.kind.operation == "conv2D" })
    #expect(convolution.instructionCount == 3)
    #expect(convolution.judgedCount == max(judged, 1))
  }

  @Test("a ReLU that is part of another operation flips, too", arguments: ["batchNorm", "addReLU"])
  func fusedFlip(operation: String) throws {
    let task = SmallTraining.fusedTask {
      guard operation == "batchNorm" else { return Residual([Conv2D(16, kernel: 1)], activation: .relu) }
      return BatchNorm(activation: .relu)
    }
    let faulty = FaultInjectingBackend(try NativeBackend(), .scaledGradient)
    let report = try DifferenceSearch(task, seed: 0, stepCount: 8, judgedStepCount: 1)
      .run(NativeBackend(), faulty)
    let flip = try #require(report.firstFlip)
    #expect(flip.kind == .relu && flip.place.kind.operation == operation)
    #expect((flip.values.first > 0) != (flip.values.second > 0))
    #expect(flip.count >= 1 && flip.unitCount == 8 * 8 * 8 * 16)
  }

  @Test("a unit that flips is named, has its sign on one side alone, and is where losses part")
  func flip() throws {
    // Gradients a hundredth too small: from the second step on the streams have different weights.
    let faulty = FaultInjectingBackend(try NativeBackend(), .scaledGradient)
    let report = try SmallTraining.search(NativeBackend(), faulty, steps: 6, judged: 1)
    let flip = try #require(report.firstFlip)
    #expect(flip.place.step >= 2)
    #expect(flip.kind == .relu)
    #expect((flip.values.first > 0) != (flip.values.second > 0))
    #expect(flip.count >= 1 && flip.unitCount > flip.count)
    #expect(report.steps[flip.place.step - 1].flipCount >= flip.count)
    #expect(report.steps[..<(flip.place.step - 1)].allSatisfy { $0.flipCount == 0 })
    #expect(report.steps[0].lossDifference == 0)
    #expect(try #require(report.partingStep) >= flip.place.step)
    #expect(try #require(report.steps.last?.lossDifference) > 0)
  }

  @Test("a loss that stops being finite ends the training, and no instruction is counted twice")
  func notFinite() throws {
    let report = try SmallTraining.search(
      NativeBackend(), NativeBackend(), steps: 8, judged: 1, learningRate: 1e20)
    #expect(report.failure?.contains("step \(report.steps.count)") == true)
    #expect(report.steps.count < 8)
    let convolution = try #require(report.rows.first { $0.kind.operation == "conv2D" })
    #expect(convolution.instructionCount == report.steps.count)
    #expect(report.worstBand == .green)
  }

  @Test("being told to stop leaves a report of the steps before")
  func stop() throws {
    var asked = 0
    let report = try DifferenceSearch(SmallTraining.task(), seed: 0, stepCount: 5, judgedStepCount: 1).run(
      NativeBackend(), NativeBackend(),
      shouldStop: {
        asked += 1
        return asked > 2
      })
    #expect(report.steps.count == 2)
    #expect(report.failure == nil)
  }
}

/// Mistakes made on purpose, by one of two backends that are the same otherwise.
@Suite("Faulty operations in a training")
struct FaultyTrainingTests {
  private static let faults: [Fault] = [
    .droppedLastTerm, .shuffledWeightGradient, .bfloat16Products, .tf32Products, .scaledGradient,
  ]

  @Test("are red and named right: operation, layer and phase", arguments: faults, LockstepSide.allCases)
  func named(_ fault: Fault, _ side: LockstepSide) throws {
    let faulty = FaultInjectingBackend(try NativeBackend(), fault)
    let sound = try NativeBackend()
    let report =
      try side == .first
      ? SmallTraining.search(faulty, sound, steps: 1) : SmallTraining.search(sound, faulty, steps: 1)
    let injection = try #require(faulty.firstInjection)
    let found = try #require(report.firstFault)
    #expect(found.side == side)
    #expect(found.place.step == 1)
    #expect(
      found.place.kind
        == .init(
          operation: injection.operation, layer: injection.origin.layer, phase: injection.origin.phase))
    #expect(found.judgement.band == .red)
    #expect(!found.judgement.redElements.isEmpty)
    // The two differ in nothing else, so it is the first difference, too.
    #expect(report.firstDifference?.place == found.place)
    #expect(report.worstBand == .red)
  }

  @Test("a sporadic one is found in the step where it strikes first")
  func sporadic() throws {
    let faulty = FaultInjectingBackend(try NativeBackend(), .zeroTile, probability: 0.05)
    let report = try SmallTraining.search(NativeBackend(), faulty, steps: 6)
    let injection = try #require(faulty.firstInjection)
    let found = try #require(report.firstFault)
    #expect(found.place.kind.operation == injection.operation)
    #expect(found.place.kind.layer == injection.origin.layer)
    #expect(found.place == report.firstDifference?.place)
  }

  @Test("rounding on purpose is none")
  func twin() throws {
    let twin = FaultInjectingBackend(try NativeBackend(), .ulpNoise)
    let report = try SmallTraining.search(NativeBackend(), twin, steps: 2)
    #expect(report.firstFault == nil)
    #expect(report.firstDifference != nil)
    #expect(report.worstBand == .green)
  }
}
