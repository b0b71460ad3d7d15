import LockstepBackends
import LockstepCore
import Synchronization
import Testing

@Suite("Two backends in lockstep")
struct LockstepBackendTests {
  private static let vector = TensorSpec([3], .float32)

  @Test("the program sees the first backend's results", arguments: TestBackend.all)
  func seesFirst(_ first: TestBackend) throws {
    func compute(on backend: any Backend) throws -> [Float] {
      let device = Device(backend)
      let x = Tensor([0.1, 0.7, -1.3] as [Float], on: device)
      return try (x.exp() * x).reshaped([3, 1]).softmax().exp().scalars(as: Float.self)
    }
    let pair = LockstepBackend(try first.make(), PerturbingBackend("exp"))
    #expect(try compute(on: pair) == compute(on: try first.make()))
  }

  @Test("equal backends differ in nothing", arguments: TestBackend.all)
  func equalBackends(_ backend: TestBackend) throws {
    let recorder = LockstepRecorder()
    let device = Device(LockstepBackend(try backend.make(), try backend.make(), observer: recorder))
    let x = Tensor([0.1, 0.7, -1.3, 2] as [Float], shape: [2, 2], on: device)
    _ = try x.matmul(x.exp()).transposed().sum().scalars(as: Float.self)
    let entries = recorder.entries
    #expect(entries.map(\.operation) == ["exp", "matmul", "transpose", "sum"])
    #expect(entries.map(\.index) == [0, 1, 2, 3])
    for entry in entries {
      #expect(entry.hasEqualInputs)
      #expect(entry.outputs == entry.secondOutputs)
      #expect(entry.outputs == entry.ownOutputs)
    }
  }

  /// exp differs; what follows differs on the second's own stream and not from the same inputs.
  @Test("streams are apart after the first difference, and operations are told apart from what came before")
  func separateStreams() throws {
    let recorder = LockstepRecorder()
    let pair = LockstepBackend(ReferenceBackend(), PerturbingBackend("exp"), observer: recorder)
    let x = Tensor([0, 1, 2] as [Float], on: Device(pair))
    let y = x.exp().squared()
    #expect(try y.scalars(as: Float.self)[0] == 1)
    #expect(recorder.entries.map(\.operation) == ["exp", "square"])
    let (exp, square) = (recorder.entries[0], recorder.entries[1])
    #expect(exp.hasEqualInputs)
    #expect(exp.outputs[0].reals[0] == 1)
    #expect(exp.secondOutputs[0].reals[0] == 1 + 0x1p-23)
    #expect(exp.ownOutputs == exp.secondOutputs)

    #expect(!square.hasEqualInputs)
    #expect(square.inputs == exp.outputs)
    #expect(square.ownInputs == exp.ownOutputs)
    #expect(square.secondOutputs == square.outputs)
    #expect(square.ownOutputs[0].reals[0] == 1 + 0x1p-22)
    #expect(square.ownOutputs[0].reals[1] == square.outputs[0].reals[1])
  }

  @Test("an operation that differs is seen after another has, too")
  func secondDifference() throws {
    let recorder = LockstepRecorder()
    let twice = PerturbingBackend("square", PerturbingBackend("exp"))
    let x = Tensor(
      [0, 1] as [Float], on: Device(LockstepBackend(ReferenceBackend(), twice, observer: recorder)))
    _ = try x.exp().squared().scalars(as: Float.self)
    let square = recorder.entries[1]
    #expect(square.secondOutputs[0].reals[0] == 1 + 0x1p-23)
    #expect(square.ownOutputs[0].reals[0] == 1 + 0x1p-22 + 0x1p-23)
  }

  @Test("reshaped tensors share a buffer on both sides")
  func reshaped() throws {
    let recorder = LockstepRecorder()
    let pair = LockstepBackend(ReferenceBackend(), PerturbingBackend("exp"), observer: recorder)
    let x = Tensor([0, 1, 2, 3] as [Float], on: Device(pair)).exp().reshaped([2, 2])
    _ = try x.transposed().scalars(as: Float.self)
    let transpose = try #require(recorder.entries.last)
    #expect(!transpose.hasEqualInputs)
    #expect(transpose.outputs == transpose.secondOutputs)
    #expect(transpose.ownOutputs[0].reals[0] == 1 + 0x1p-23)
  }

  @Test("a buffer that is written anew is the same on both again")
  func rewritten() throws {
    let recorder = LockstepRecorder()
    let pair = LockstepBackend(ReferenceBackend(), PerturbingBackend("exp"), observer: recorder)
    let x = Operand(pair.allocate(byteCount: 12), Self.vector)
    let y = Operand(pair.allocate(byteCount: 12), Self.vector)
    let z = Operand(pair.allocate(byteCount: 12), Self.vector)
    pair.write(TensorValue(Self.vector, reals: [0, 1, 2]), to: x)
    pair.submit(Instruction(.unary(.exp), inputs: [x], outputs: [y]))
    pair.submit(Instruction(.unary(.negate), inputs: [y], outputs: [z]))
    pair.write(TensorValue(Self.vector, reals: [5, 6, 7]), to: y)
    pair.submit(Instruction(.unary(.negate), inputs: [y], outputs: [z]))
    #expect(recorder.entries.map(\.hasEqualInputs) == [true, false, true])
    #expect(recorder.entries.last?.ownOutputs[0].reals == [-5, -6, -7])
  }

  @Test("an instruction may overwrite its own input")
  func inPlace() throws {
    let recorder = LockstepRecorder()
    let pair = LockstepBackend(ReferenceBackend(), PerturbingBackend("exp"), observer: recorder)
    let x = Operand(pair.allocate(byteCount: 12), Self.vector)
    pair.write(TensorValue(Self.vector, reals: [0, 0, 0]), to: x)
    pair.submit(Instruction(.unary(.exp), inputs: [x], outputs: [x]))
    pair.submit(Instruction(.unary(.square), inputs: [x], outputs: [x]))
    let entries = recorder.entries
    #expect(entries.map { $0.inputs[0].reals } == [[0, 0, 0], [1, 1, 1]])
    #expect(entries[1].ownInputs[0].reals == [1 + 0x1p-23, 1, 1])
    #expect(entries[1].secondOutputs == entries[1].outputs)
    #expect(entries[1].ownOutputs[0].reals == [1 + 0x1p-22, 1, 1])
  }

  @Test("the second backend's own numbers can be downloaded")
  func downloadSecond() throws {
    let pair = LockstepBackend(ReferenceBackend(), PerturbingBackend("exp"))
    let x = Operand(pair.allocate(byteCount: 12), Self.vector)
    pair.write(TensorValue(Self.vector, reals: [0, 0, 0]), to: x)
    pair.submit(Instruction(.unary(.exp), inputs: [x], outputs: [x]))
    #expect(try pair.value(of: x).reals == [1, 1, 1])
    #expect(try pair.secondValue(of: x).reals == [1 + 0x1p-23, 1, 1])
  }

  @Test("every buffer is given back on both sides")
  func releases() throws {
    let first = PerturbingBackend("none")
    let second = PerturbingBackend("exp")
    do {
      let device = Device(LockstepBackend(first, second))
      let x = Tensor([0, 1, 2] as [Float], on: device)
      _ = try (x.exp().squared() + x).scalars(as: Float.self)
    }
    #expect(first.bufferCount.load(ordering: .relaxed) == 0)
    #expect(second.bufferCount.load(ordering: .relaxed) == 0)
  }

  @Test("a failure is sticky and says whose it is")
  func failures() throws {
    let pair = LockstepBackend(ReferenceBackend(), FailingBackend())
    let x = Tensor([0, 1, 2] as [Float], on: Device(pair))
    for tensor in [x.exp(), x.squared()] {
      let error = #expect(throws: BackendError.self) { try tensor.scalars(as: Float.self) }
      #expect(error == .ofBackend("the second backend (reference)", .outOfMemory(byteCount: 77)))
    }
    #expect(throws: BackendError.self) { try pair.synchronize() }
  }

  @Test("a failure of both is the first one's, with its operation")
  func failureOfBoth() throws {
    let pair = LockstepBackend(ReferenceBackend(), ReferenceBackend())
    let device = Device(pair)
    let picked = Tensor([0, 1, 2] as [Float], on: device).gathered(Tensor([Int64(7)], on: device))
    let error = #expect(throws: BackendError.self) { try picked.scalars(as: Float.self) }
    #expect(
      error?.description
        == "the first backend (reference): an index or label is out of range in gather ")
  }
}
