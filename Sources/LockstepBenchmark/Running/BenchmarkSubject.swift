import LockstepComparison
import LockstepCore

/// Something that can be measured.
struct BenchmarkSubject {
  /// What a measurement gives.
  struct Outcome {
    var samples: Samples
    var figures = Benchmark.Figures()
  }

  /// What it is measured with.
  struct Bench {
    /// What computes.
    let device: Device
    /// How it is sampled.
    let sampler: Sampler
    /// What the device can do.
    let peak: MachinePeak
    /// Runs a subject's first call in a process of its own, and gives its seconds; nil where that can't be done.
    let firstCall: ((String) throws -> Double)?
  }

  /// The name in reports.
  let name: String
  /// The type whose peak of products it is held against.
  let dtype: DType
  /// Measures it once; ``NotMeasured`` says why that was not done.
  let measure: (Bench) throws -> Outcome

  init(name: String, dtype: DType = .float32, measure: @escaping (Bench) throws -> Outcome) {
    self.name = name
    self.dtype = dtype
    self.measure = measure
  }
}

/// Why a subject is not measured; not an error.
struct NotMeasured: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension BenchmarkSubject {
  /// An operation, warm.
  init(_ operation: OperationBenchmark) {
    self.init(name: operation.name, dtype: operation.dtype) { bench in
      if let seconds = operation.leastSeconds(bench.peak), seconds > bench.sampler.deadline.secondsLeft {
        throw NotMeasured("a single call would take \(Int(seconds.rounded(.up))) s or more")
      }
      let operands = operation.operands(bench.device)
      try bench.device.synchronize()
      let samples = try bench.sampler.measure { calls throws(BackendError) in
        for _ in 0..<calls { operation.call(operands) }
        try bench.device.synchronize()
      }
      return Outcome(samples: samples, figures: operation.figures)
    }
  }

  /// An operation's first call in a process.
  init(firstCallOf operation: OperationBenchmark) {
    self.init(name: "\(operation.name)-first-call", dtype: operation.dtype) { bench in
      guard let firstCall = bench.firstCall else { throw NotMeasured("no process could be started") }
      if let seconds = operation.leastSeconds(bench.peak), seconds > bench.sampler.deadline.secondsLeft {
        throw NotMeasured("a single call would take \(Int(seconds.rounded(.up))) s or more")
      }
      // Every process is as cold as the one before: there is nothing to warm up but the file cache.
      var collector = SampleCollector(bench.sampler.plan, until: bench.sampler.deadline)
      while !collector.isDone { collector.add(try firstCall(operation.name)) }
      return Outcome(samples: collector.samples, figures: operation.figures)
    }
  }
}

extension OperationBenchmark {
  fileprivate var figures: Benchmark.Figures {
    var figures = Benchmark.Figures()
    figures.floatingPointOperations = work.floatingPointOperations
    figures.byteCount = work.byteCount
    return figures
  }

  /// How long a call takes at the peak rate; nil of one without a count of operations.
  fileprivate func leastSeconds(_ peak: MachinePeak) -> Double? {
    guard let operations = work.floatingPointOperations, let rate = peak.products(dtype) else { return nil }
    return operations / rate
  }
}

extension Benchmark.Figures {
  /// The figures with the rates that a time makes of them.
  func with(median seconds: Double, _ peak: MachinePeak, dtype: DType) -> Benchmark.Figures {
    var result = self
    result.floatingPointRate = floatingPointOperations.map { $0 / seconds }
    result.byteRate = byteCount.map { $0 / seconds }
    result.imagesPerSecond = imageCount.map { Double($0) / seconds }
    if let rate = result.floatingPointRate, let best = peak.products(dtype) {
      result.shareOfPeak = rate / best
    }
    if let rate = result.byteRate, let best = peak.bandwidth { result.shareOfBandwidth = rate / best }
    return result
  }
}
