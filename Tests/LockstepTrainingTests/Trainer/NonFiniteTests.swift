import Lockstep
import Synchronization
import Testing

@Suite("Losses that are not finite")
struct NonFiniteTests {
  /// The weights after every step.
  private final class Weights: TrainingObserver {
    var history: [[UInt8]] = []

    func trainingWillBegin(_ trainer: Trainer) throws { history.append(try trainer.weights) }

    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) throws { history.append(try trainer.weights) }
  }

  private static let data = TinyTraining.images(12)

  /// What `fit` fails with, and the weights after every step before.
  private static func failure(
    of trainer: Trainer, observers: [any TrainingObserver] = []
  ) -> (error: TrainingError?, weights: [[UInt8]]) {
    let weights = Weights()
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(data, test: data, observers: [weights] + observers)
    }
    return (error, weights.history)
  }

  /// Without dropout, which might hide a NaN.
  private static func model() -> Sequential {
    Sequential {
      Flatten()
      Dense(5, activation: .relu)
      Dense(3)
    }
  }

  @Test(
    "a NaN weight is found where it first shows, and the model stays as it was",
    arguments: TestBackend.allCases)
  func nanWeight(backend: TestBackend) throws {
    let device = try backend.makeDevice()
    let trainer = try TinyTraining.trainer(.init(epochs: 3, batchSize: 4), on: device, model: Self.model())
    let weight = trainer.parameters[2].parameter
    #expect(trainer.parameters[2].name == "layers.2.weight")
    var values = try weight.value.scalars(as: Float.self)
    values[4] = .nan
    weight.value = Tensor(values, shape: [5, 3], on: device)

    let (error, history) = Self.failure(of: trainer)
    guard case .notFinite(let step, let epoch, let loss, _, let finding) = error else { return }
    #expect(step == 1 && epoch == 1)
    #expect(loss.isNaN)
    // Column 1 of the product, for all four images: NaN · 0 is NaN, too.
    #expect(finding?.operation == "matmul")
    #expect(finding?.origin == Origin(layer: "layers.2", phase: .forward))
    #expect(finding?.spec == TensorSpec([4, 3], .float32))
    #expect(finding?.count == 4)
    #expect(
      error?.description
        == "the loss is nan in step 1 (epoch 1); the first non-finite tensor is the output of matmul in "
        + "layers.2, float32 [4, 3], 4 of 12 elements; a lower learning rate may help")
    #expect(history.count == 1)
    #expect(try trainer.weights == history[0])
    #expect(trainer.optimizer.state.isEmpty)
    #expect(trainer.position == TrainingPosition())
  }

  @Test("a huge learning rate is told with its step and place; the weights are those before that step")
  func hugeRate() throws {
    let trainer = try TinyTraining.trainer(
      .init(epochs: 3, batchSize: 4, learningRate: 1e30, momentum: 0), on: referenceDevice(),
      model: Self.model())
    let (error, history) = Self.failure(of: trainer)
    guard case .notFinite(let step, let epoch, _, _, let finding?) = error else {
      Issue.record("no finding in \(error.map { "\($0)" } ?? "no error")")
      return
    }
    // After the first step weights are near 1e29, so the product of two layers is beyond float32's 3e38.
    #expect(step == 2 && epoch == 1)
    #expect(finding.operation == "matmul" && finding.origin.layer == "layers.2", "\(finding)")
    #expect(history.count == 2)
    #expect(try trainer.weights == history[1])
    #expect(trainer.position.step == 1 && trainer.position.batch == 1)
  }

  @Test("a gradient that overflows while the loss is finite is an error of its own")
  func gradientNorm() throws {
    let device = referenceDevice()
    let model = Sequential {
      Flatten()
      Dense(5)
      Dense(3)
    }
    let trainer = try TinyTraining.trainer(.init(epochs: 1, batchSize: 12), on: device, model: model)
    // Logits are zero and the loss is log 3, but the first layer's gradient is near 1e25, its square infinite.
    trainer.parameters[0].parameter.value = .zeros([4, 5], on: device)
    let values = (0..<15).map { Float($0 % 3) * 1e25 }
    trainer.parameters[2].parameter.value = Tensor(values, shape: [5, 3], on: device)
    let (error, _) = Self.failure(of: trainer)
    guard case .notFinite(_, _, let loss, let norm, let finding?) = error else {
      Issue.record("no finding in \(error.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(abs(loss - 1.0986123) < 1e-5 && norm == .infinity)
    #expect(finding.origin.layer == "metrics")
    #expect(error?.description.hasPrefix("the gradient norm is inf in step 1 (epoch 1); the first") == true)
  }

  @Test("weights that a last step made too large are found by the evaluation")
  func evaluation() throws {
    let trainer = try TinyTraining.trainer(
      .init(epochs: 1, batchSize: 12, learningRate: 1e30, momentum: 0), on: referenceDevice(),
      model: Self.model())
    let (error, history) = Self.failure(of: trainer)
    guard case .testLossNotFinite(let epoch, let loss) = error else {
      Issue.record("\(error.map { "\($0)" } ?? "no error")")
      return
    }
    #expect(epoch == 1 && !loss.isFinite && history.count == 2)
    #expect(
      error?.description
        == "the test loss is \(loss.isNaN ? "nan" : "\(loss)") after epoch 1; a lower learning rate may help")
  }

  @Test("the record says that and why the run failed, and its weights are those of the last save")
  func record() throws {
    let temporary = TemporaryFolder()
    let folder = RunFolder(temporary.path + "/run")
    try folder.create()
    let trainer = try TinyTraining.trainer(
      .init(epochs: 3, batchSize: 4, learningRate: 1e30, momentum: 0), on: referenceDevice(),
      model: Self.model())
    let record = try TinyTraining.record(of: trainer, Self.data, Self.data)
    let (error, history) = Self.failure(of: trainer, observers: [RunRecorder(folder, record)])
    let written = try RunRecord(in: folder)
    #expect(written.status == .failed)
    #expect(written.failure == error?.description)
    #expect(written.stepCount == 0 && written.result == nil)
    #expect(contents(of: folder.lastWeights) == history[0])
    #expect(text(of: folder.metrics).split(separator: "\n").count == 2, "the header and the step that worked")
    withExtendedLifetime(temporary) {}
  }

  @Suite("Probe")
  struct Probe {
    private let probe = NonFiniteProbe(ReferenceBackend())

    @Test("finite results are no finding")
    func finite() throws {
      let device = Device(probe)
      let x = Tensor([1, 2] as [Float], on: device)
      #expect(try (x + x).scalars(as: Float.self) == [2, 4])
      #expect(probe.finding == nil)
      #expect(probe.descriptor == ReferenceBackend().descriptor)
    }

    @Test("the first result that is not finite is kept, with operation, place, shape and count")
    func first() throws {
      let device = Device(probe)
      let x = Tensor([1000, 0, -2000] as [Float], on: device)
      let y = Origin.$current.withValue(Origin(layer: "here", phase: .backward)) { x.exp() }
      _ = (y - y).sum()
      let finding = try #require(probe.finding)
      #expect(finding.operation == "exp" && finding.count == 1)
      #expect(finding.origin == Origin(layer: "here", phase: .backward))
      #expect(finding.spec == TensorSpec([3], .float32))
      #expect("\(finding)" == "the output of exp in here (backward), float32 [3], 1 of 3 elements")
    }

    @Test("float64 is looked at, whole numbers are not")
    func dtypes() throws {
      let device = Device(probe)
      // The bits of a NaN, as a whole number.
      let bits = Tensor([Int64(bitPattern: 0x7FF8_0000_0000_0000)], on: device)
      _ = bits + bits
      #expect(probe.finding == nil)
      let zero = Tensor([0.0], on: device)
      _ = zero / zero
      #expect(probe.finding?.spec == TensorSpec([1], .float64))
    }
  }
}
