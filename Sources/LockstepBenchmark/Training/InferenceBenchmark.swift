import LockstepCore
import LockstepData
import LockstepNN
import LockstepTraining

/// Classifying a batch: from samples in the host's memory to results in the host's memory.
struct InferenceBenchmark {
  let workload: TrainingWorkload
  let batchSize: Int

  var name: String { "\(workload.name)-infer-\(batchSize)" }

  func measure(_ bench: BenchmarkSubject.Bench) throws -> BenchmarkSubject.Outcome {
    PeakMemory.reset()
    let device = bench.device
    let model = try workload.makeModel()
    model.initialize(seed: workload.configuration.seed, on: device)
    let pixels = try workload.images(batchSize: batchSize).batch(of: Array(0..<batchSize)).pixels
    let shape = Shape([batchSize] + workload.image.dimensions)
    let samples = try bench.sampler.measure { calls throws(BackendError) in
      for _ in 0..<calls {
        _ = try model(Tensor(pixels, shape: shape, on: device)).scalars(as: Float.self)
      }
    }
    var figures = Benchmark.Figures()
    figures.imageCount = batchSize
    figures.floatingPointOperations = try floatingPointOperations(shape)
    if !device.hasWorker { figures.peakMemoryBytes = PeakMemory.bytes }
    return BenchmarkSubject.Outcome(samples: samples, figures: figures)
  }

  private func floatingPointOperations(_ shape: Shape) throws -> Double {
    let counting = CountingBackend()
    let device = Device(counting)
    let model = try workload.makeModel()
    model.initialize(seed: 0, on: device)
    _ = model(.zeros(shape, on: device))
    return counting.floatingPointOperations
  }
}

extension BenchmarkSuite {
  /// Training and inference of models at batch sizes.
  ///
  /// - Parameter isGrowth: whether only training is measured: how its time grows with the batch.
  public static func training(
    _ workloads: [TrainingWorkload], batchSizes: [Int], isGrowth: Bool = false
  ) -> BenchmarkSuite {
    let subjects = workloads.flatMap { workload in
      batchSizes.flatMap { size in
        let training = TrainingBenchmark(workload: workload, batchSize: size)
        let inference = InferenceBenchmark(workload: workload, batchSize: size)
        let trains = BenchmarkSubject(name: training.name, measure: training.measure)
        let infers = BenchmarkSubject(name: inference.name, measure: inference.measure)
        return isGrowth ? [trains] : [trains, infers]
      }
    }
    return BenchmarkSuite("train", subjects)
  }
}
