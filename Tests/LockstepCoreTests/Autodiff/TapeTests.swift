import LockstepCore
import Testing

@Suite("The tape")
struct TapeTests {
  private let backend = MemoryBackend()
  private let x: Tensor

  init() { x = Tensor([1, 2, 3] as [Float], on: Device(backend)) }

  @Test("records only inside of a gradient, and only what depends on its tensors")
  func tracking() {
    #expect(!(x * x).isTracked)
    _ = gradient(at: x) { tracked in
      #expect(tracked.isTracked)
      #expect((tracked * x).isTracked)
      #expect(!(x * x).isTracked)
      #expect(!tracked.detached().isTracked)
      #expect(!(tracked > 0).isTracked)
      return tracked.sum()
    }
  }

  @Test("ends with its gradient: a tensor that outlives it is not tracked, and keeps no memory")
  func finished() {
    var outliving: Tensor?
    for _ in 0..<3 {
      let slope = gradient(at: x) { tracked in
        // A running mean, say, that nobody detached.
        outliving = outliving.map { ($0 + tracked).relu() } ?? tracked.relu()
        return (tracked * 2).relu().sum()
      }
      _ = slope
      #expect(outliving?.isTracked == false)
    }
    #expect(backend.liveBuffers == 3)  // x, the outliving tensor, and the 2 that the device keeps.
    outliving = nil
    #expect(backend.liveBuffers == 2)
  }

  @Test("ends, and keeps no memory, when the function throws")
  func finishedByError() {
    struct Failure: Error {}
    var outliving: Tensor?
    _ = try? valueAndGradient(at: [x]) { tensors in
      outliving = tensors[0].relu().relu().relu()
      throw Failure()
    }
    #expect(outliving?.isTracked == false)
    #expect(backend.liveBuffers == 2)
  }

  @Test("of 100,000 operations neither overflows the stack nor leaks", .timeLimit(.minutes(10)))
  func longChain() {
    let length = 100_000
    do {
      let slope = gradient(at: x) { tracked in
        (0..<length).reduce(tracked) { value, _ in value.relu() }.sum()
      }
      #expect(slope.shape == [3])
    }
    #expect(backend.instructions.count { $0.operation == .binary(.reluGradient) } == length)
    #expect(backend.liveBuffers == 1)
    // A tape that is dropped unused must not recurse either.
    _ = gradient(at: x) { tracked in
      _ = (0..<length).reduce(tracked) { value, _ in value.relu() }
      return Tensor(1 as Float, on: tracked.device)
    }
    #expect(backend.liveBuffers == 1)
  }

  @Test("frees what it kept while the gradient is computed")
  func freesDuringBackward() {
    let length = 1000
    _ = gradient(at: x) { tracked in
      (0..<length).reduce(tracked) { value, _ in value.relu() }.sum()
    }
    let counts = backend.liveBuffersByInstruction
    #expect(counts.max()! < length + 10)  // The activations and a few gradients, not one for each.
    #expect(counts.last! < 10)  // Neither activations nor gradients stay until the end.
  }

  @Test("asks for no gradient that nobody wants")
  func noNeedlessInstructions() {
    let weight = Tensor.zeros([3, 4], on: x.device)
    let before = backend.instructions.count
    _ = gradient(at: weight) { weight in x.reshaped([1, 3]).matmul(weight).relu().sum() }
    #expect(
      backend.instructions.dropFirst(before).map(\.operation.name) == [
        "matmul", "relu", "sum", "fill", "broadcast", "reluGradient", "matmul",
      ])
    let part = Tensor.zeros([2], on: x.device)
    let middle = backend.instructions.count
    _ = gradient(at: x) { Tensor.concatenate([part, $0, part]).sum() }
    #expect(
      backend.instructions.dropFirst(middle).map(\.operation.name) == [
        "concatenate", "sum", "fill", "broadcast", "slice",
      ])
  }

  @Test("does nothing backward from what has no gradient")
  func deadEnds() {
    let before = backend.instructions.count
    _ = gradient(at: x) { tracked in
      _ = tracked.exp().log()
      return (tracked.floor() * 1).sum()
    }
    let names = backend.instructions.dropFirst(before).map(\.operation.name)
    #expect(names.suffix(4) == ["fill", "broadcast", "multiply", "fill"])
  }
}

@Suite("Where a gradient's instructions come from")
struct OriginTests {
  @Test("the layer of the operation they belong to, in the backward phase, sums of gradients too")
  func origins() {
    let backend = MemoryBackend()
    let x = Tensor([1, 2, 3] as [Float], on: Device(backend))
    let before = backend.instructions.count
    _ = gradient(at: x) { x in
      let hidden = Origin.$current.withValue(Origin(layer: "layers.0")) { x.relu() }
      let twice = Origin.$current.withValue(Origin(layer: "layers.1")) { hidden.exp() + hidden.sin() }
      return Origin.$current.withValue(Origin(layer: "loss")) { twice.sum() }
    }
    let trace = backend.instructions.dropFirst(before).map { "\($0.operation.name) \($0.origin)" }
    #expect(
      trace == [
        "relu layers.0", "exp layers.1", "sin layers.1", "add layers.1", "sum loss",
        "fill (backward)", "broadcast loss (backward)",
        "cos layers.1 (backward)", "multiply layers.1 (backward)", "multiply layers.1 (backward)",
        "add layers.1 (backward)", "reluGradient layers.0 (backward)",
      ])
  }

  @Test("forward again when the gradient is done")
  func restored() {
    let device = Device(MemoryBackend())
    _ = gradient(at: Tensor(1 as Float, on: device)) { $0.exp() }
    #expect(Origin.current == Origin())
  }
}

@Suite("A gradient that can't be taken traps")
struct GradientTrapTests {
  @Test("at integers")
  func integers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor([1, 2], on: Device(MemoryBackend()))) { $0.sum() }
    }
    expectMessage(result, contains: "TapeTests.swift:", "no gradient at a tensor of int64")
  }

  @Test("of more than one number")
  func manyNumbers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor([1, 2] as [Float], on: Device(MemoryBackend()))) { $0 }
    }
    expectMessage(result, contains: "TapeTests.swift:", "[2]", "mean()")
  }

  @Test("of an integer")
  func integerValue() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor([1, 2] as [Float], on: Device(MemoryBackend()))) { $0.argMax() }
    }
    expectMessage(result, contains: "TapeTests.swift:", "int64 []")
  }

  @Test("at a tensor that an outer gradient tracks")
  func nestedPoint() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor(1 as Float, on: Device(MemoryBackend()))) { x in
        gradient(at: x) { $0.exp() }
      }
    }
    expectMessage(result, contains: "TapeTests.swift:", "nested", "detached()")
  }

  @Test("with an operand that an outer gradient tracks")
  func nestedOperand() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor(1 as Float, on: Device(MemoryBackend()))) { x in
        gradient(at: x.detached()) { $0 * x }
      }
    }
    expectMessage(result, contains: "multiply", "nested", "detached()")
  }

  @Test("of a value that an outer gradient tracks")
  func nestedValue() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor(1 as Float, on: Device(MemoryBackend()))) { x in
        gradient(at: x.detached()) { _ in x.exp() }
      }
    }
    expectMessage(result, contains: "TapeTests.swift:", "nested", "detached()")
  }
}
