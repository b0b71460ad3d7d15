import Foundation
import Lockstep
import Synchronization
import Testing

@testable import LockstepBackends

@Suite("Steps after the first ones")
struct SteadyStateTests {
  /// What had been asked of the system by the end of each step.
  private final class Meter: TrainingObserver {
    let backend: NativeBackend
    /// Blocks that were not in the allocator's cache.
    var freshBlocks: [Int] = []
    /// Pages of this thread, which is the only one that computes, that were touched for the first time.
    var pageFaults: [Int] = []

    init(_ backend: NativeBackend) { self.backend = backend }

    func stepDidEnd(_ report: StepReport, _ trainer: Trainer) {
      let statistics = backend.memoryStatistics
      freshBlocks.append(statistics.takes - statistics.reuses)
      pageFaults.append(Self.faults)
    }

    private static var faults: Int {
      #if os(Linux)
        var usage = rusage()
        // RUSAGE_THREAD, which the header has for GNU sources only.
        getrusage(1, &usage)
        return usage.ru_minflt
      #else
        return 0
      #endif
    }
  }

  /// Trains W1 for 20 steps of 8 images, on this thread alone.
  private static func measured() throws -> Meter {
    let backend = try NativeBackend(threads: 1)
    let meter = Meter(backend)
    try train(on: Device(backend), observers: [meter])
    return meter
  }

  private static func train(
    on device: Device, observers: [any TrainingObserver] = [],
    _ configure: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws {
    let model = Sequential {
      Conv2D(32, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(2)
      Conv2D(64, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(2)
      Flatten()
      Dense(128, activation: .relu)
      Dense(10)
    }
    try model.build(input: [28, 28, 1])
    model.initialize(seed: 0, on: device)
    let images = ImageDataset(
      split: .train, images: (0..<(160 * 784)).map { UInt8(truncatingIfNeeded: $0 / 7) },
      labels: (0..<160).map { Int32($0 % 10) }, height: 28, width: 28, channels: 1,
      classNames: (0..<10).map { "\($0)" })
    var configuration = TrainingConfiguration()
    configuration.epochs = 1
    configuration.batchSize = 8
    configuration.learningRate = 0.01
    configure(&configuration)
    try Trainer(model, configuration, on: device).fit(images, test: images, observers: observers)
  }

  @Test("take all memory of results from the cache")
  func blocks() throws {
    let meter = try Self.measured()
    #expect(meter.freshBlocks.count == 20 && meter.freshBlocks[0] > 20)
    #expect(meter.freshBlocks[19] == meter.freshBlocks[9])
  }

  @Test("move the weights where they are", arguments: [OptimizerKind.sgd, .adam()])
  func inPlace(_ optimizer: OptimizerKind) throws {
    /// Counts steps of optimizers, and those whose results take the place of operands.
    final class Spy: BackendDecorator {
      let inner: any Backend
      let counts = Mutex((updates: 0, inPlace: 0))
      var updatesInPlace: Bool { inner.updatesInPlace }

      init(_ inner: any Backend) { self.inner = inner }

      func submit(_ instruction: Instruction) {
        switch instruction.operation {
        case .sgd, .adam:
          let inputs = instruction.inputs
          let targets = [inputs[0].buffer] + inputs.dropFirst(2).map(\.buffer)
          let isInPlace = instruction.outputs.map(\.buffer) == targets
          counts.withLock { $0 = ($0.updates + 1, $0.inPlace + (isInPlace ? 1 : 0)) }
        default: break
        }
        inner.submit(instruction)
      }
    }
    let spy = Spy(try NativeBackend(threads: 1))
    try Self.train(on: Device(spy)) { $0.optimization.optimizer = optimizer }
    let (updates, inPlace) = spy.counts.withLock { $0 }
    // 8 parameters, 20 steps.
    #expect(updates == 160 && inPlace == 160)
  }

  /// The few that are allowed are the host's own: its heap grows by a page now and then, the more so while other
  /// tests run beside this one. The first layer's result alone has 196 pages, in each of the ten steps.
  @Test("touch no page for the first time", .enabled(if: isLinux, "counts the faults of a thread"))
  func faults() throws {
    let meter = try Self.measured()
    #expect(meter.pageFaults.count == 20)
    #expect(meter.pageFaults[19] - meter.pageFaults[9] < 100)
  }
}

#if os(Linux)
  private let isLinux = true
#else
  private let isLinux = false
#endif
