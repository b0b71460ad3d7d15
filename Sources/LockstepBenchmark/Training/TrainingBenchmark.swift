import LockstepComparison
import LockstepCore
import LockstepData
import LockstepNN
import LockstepTraining

/// The steps of a training as the trainer computes them: the batch from the loader, forward, backward, update,
/// and the numbers reported.
struct TrainingBenchmark {
  let workload: TrainingWorkload
  let batchSize: Int

  var name: String { "\(workload.name)-train-\(batchSize)" }

  func measure(_ bench: BenchmarkSubject.Bench) throws -> BenchmarkSubject.Outcome {
    PeakMemory.reset()
    let (collector, deadline) = (StepCollector(bench.sampler), bench.sampler.deadline)
    do {
      try train(on: bench.device, observer: collector, shouldStop: { collector.isDone })
    } catch let error as TrainingError {
      // What was measured until then is sound.
      if collector.samples.seconds.isEmpty { throw NotMeasured("\(error)") }
    }
    if collector.samples.seconds.isEmpty {
      throw NotMeasured(deadline.wasInterrupted ? "stopped before" : "there was no time left")
    }
    var figures = Benchmark.Figures()
    figures.imageCount = batchSize
    figures.floatingPointOperations = try floatingPointOperations()
    if !bench.device.hasWorker { figures.peakMemoryBytes = PeakMemory.bytes }
    return BenchmarkSubject.Outcome(samples: collector.samples, figures: figures)
  }

  private func train(
    on device: Device, observer: any TrainingObserver, shouldStop: () -> Bool
  ) throws {
    var configuration = workload.configuration
    configuration.batchSize = batchSize
    // How long it trains is decided step by step.
    configuration.epochs = Int(Int32.max)
    let model = try workload.makeModel()
    model.initialize(seed: configuration.seed, on: device)
    try Trainer(model, configuration, on: device).fit(
      workload.images(batchSize: batchSize), test: workload.noImages, observers: [observer],
      shouldStop: shouldStop)
  }

  /// What a step computes.
  private func floatingPointOperations() throws -> Double {
    let counting = CountingBackend()
    let observer = StepCounter()
    try train(on: Device(counting), observer: observer, shouldStop: { observer.steps == 1 })
    return counting.floatingPointOperations
  }
}

/// Samples the steps.
private final class StepCollector: TrainingObserver {
  private var collector: SampleCollector

  init(_ sampler: Sampler) { collector = SampleCollector(sampler.plan, until: sampler.deadline) }

  var samples: Samples { collector.samples }
  var isDone: Bool { collector.isDone }

  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { collector.add(report.seconds) }
}

/// Counts the steps.
private final class StepCounter: TrainingObserver {
  private(set) var steps = 0

  func stepDidEnd(_ report: StepReport, _ trainer: Trainer) { steps += 1 }
}

extension Device {
  /// Whether another process computes, whose memory is not ours.
  var hasWorker: Bool { backend.descriptor.cpuProfile != nil }
}
