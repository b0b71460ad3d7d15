import LockstepCore
import Testing

/// A device for processes that are to trap before anything is computed.
private func memory() -> Device { Device(MemoryBackend()) }

@Suite("A mistake in a program traps, naming the operation, the shapes and the line")
struct TrapTests {
  @Test("adding shapes that don't broadcast")
  func add() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = memory()
      _ = Tensor.zeros([2, 3], on: device) + Tensor.zeros([4], on: device)
    }
    expectMessage(result, contains: "add", "[2, 3]", "[4]")
  }

  @Test("multiplying matrices whose inner sizes differ")
  func matmul() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = memory()
      _ = Tensor.zeros([2, 3], on: device).matmul(Tensor.zeros([4, 5], on: device))
    }
    expectMessage(result, contains: "TrapTests.swift:", "matmul", "[2, 3]", "[4, 5]")
  }

  @Test("convolving images with a weight of other channels")
  func conv2D() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = memory()
      _ = Tensor.zeros([8, 28, 28, 1], on: device).conv2D(Tensor.zeros([3, 3, 2, 4], on: device))
    }
    expectMessage(result, contains: "TrapTests.swift:", "conv2D", "[8, 28, 28, 1]", "[3, 3, 2, 4]")
  }

  @Test("in a layer, whose path is named too")
  func layer() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = memory()
      Origin.$current.withValue(Origin(layer: "layers.3")) {
        _ = Tensor.zeros([2, 3], on: device).matmul(Tensor.zeros([4, 5], on: device))
      }
    }
    expectMessage(result, contains: "in layer layers.3: matmul")
  }

  @Test("reshaping to another number of elements", arguments: [[4, 2], [4, -1]])
  func reshape(_ sizes: [Int]) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [sizes] in
      _ = Tensor.zeros([2, 3], on: memory()).reshaped(sizes)
    }
    expectMessage(result, contains: "TrapTests.swift:", "reshape", "[2, 3]", "\(sizes)")
  }

  @Test("an index out of range")
  func subscripts() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3], on: memory())[0, -4]
    }
    expectMessage(result, contains: "TrapTests.swift:", "subscript", "index -4", "axis 1", "[2, 3]")
  }

  @Test("more indices than dimensions")
  func manyIndices() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3], on: memory())[0, .newAxis, 0, 0]
    }
    expectMessage(result, contains: "TrapTests.swift:", "subscript", "[2, 3]")
  }

  @Test("asking many elements for the only one")
  func item() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Tensor.zeros([2, 3], on: memory()).item()
    }
    expectMessage(result, contains: "TrapTests.swift:", "item()", "[2, 3]")
  }

  @Test("reading elements as another type")
  func scalars() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Tensor.zeros([2, 3], on: memory()).scalars(as: Double.self)
    }
    expectMessage(result, contains: "TrapTests.swift:", "float32", "float64")
  }

  @Test("mixing dtypes")
  func dtypes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = memory()
      _ = Tensor.zeros([2], on: device) * Tensor.zeros([3], dtype: .int64, on: device)
    }
    expectMessage(result, contains: "multiply", "float32 [2]", "int64 [3]", "asType")
  }

  @Test("a fraction beside integers")
  func fraction() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2], dtype: .int64, on: memory()) * 0.5
    }
    expectMessage(result, contains: "0.5 is no int64", "asType")
  }

  @Test("mixing devices")
  func devices() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2], on: memory()) + Tensor.zeros([3], on: memory()).sum()
    }
    expectMessage(result, contains: "add", "different devices", "[2]", "[]", "memory")
  }

  @Test("values that don't fill a shape")
  func creation() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3], shape: [2, 2], on: memory())
    }
    expectMessage(result, contains: "TrapTests.swift:", "3 values", "[2, 2]")
  }

  @Test("bytes that are no bools")
  func bools() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = memory()
      [0, 2].withUnsafeBytes {
        _ = Tensor(bytes: .init(rebasing: $0[7...8]), spec: TensorSpec([2], .bool), on: device)
      }
    }
    expectMessage(result, contains: "TrapTests.swift:", "bool")
  }

  @Test("an axis that is not there")
  func axes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3], on: memory()).sum(2)
    }
    expectMessage(result, contains: "TrapTests.swift:", "sum", "[2, 3]", "no axis 2")
  }

  @Test("no default device")
  func device() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3])
    }
    expectMessage(result, contains: "no default device")
  }
}
