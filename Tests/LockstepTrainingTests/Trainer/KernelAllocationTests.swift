import CAllocationCounter
import Foundation
import Lockstep
import Testing

@testable import LockstepBackends

@Suite("Kernels in steps after the first ones")
struct KernelAllocationTests {
  /// Passes everything on, and adds up how many blocks were taken from the heap in the kernels.
  private final class AllocationMeter: Backend {
    let base: NativeBackend
    /// Only one thread submits.
    nonisolated(unsafe) var kernelAllocations: Int64 = 0
    nonisolated(unsafe) var instructions = 0

    init(_ base: NativeBackend) { self.base = base }

    var descriptor: BackendDescriptor { base.descriptor }
    func supports(_ operation: LockstepCore.Operation, _ dtype: DType) -> Bool {
      base.supports(operation, dtype)
    }
    func allocate(byteCount: Int) -> BufferID { base.allocate(byteCount: byteCount) }
    func release(_ buffer: BufferID) { base.release(buffer) }
    func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) { base.upload(bytes, to: buffer) }
    func download(
      _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
    ) throws(BackendError) {
      try base.download(buffer, into: bytes)
    }
    func synchronize() throws(BackendError) { try base.synchronize() }

    /// The host's part of a submission is to encode the instruction; what that takes from the heap in a build
    /// for debugging is measured by itself, and subtracted.
    func submit(_ instruction: Instruction) {
      let start = allocation_counter_value()
      _ = instruction.encoded { _ in nil }
      let encoded = allocation_counter_value()
      base.submit(instruction)
      kernelAllocations += allocation_counter_value() - encoded - (encoded - start)
      instructions += 1
    }
  }

  @Test("take nothing from the heap", .enabled(if: allocation_counter_works(), "needs glibc's own names"))
  func nothing() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let backend = AllocationMeter(try NativeBackend(threads: 2))
      let device = Device(backend)
      let model = Sequential {
        Conv2D(32, kernel: 3, padding: .same, activation: .relu)
        MaxPool2D(2)
        Conv2D(64, kernel: 3, padding: .same)
        BatchNorm()
        ReLU()
        MaxPool2D(2)
        Flatten()
        Dense(128, activation: .relu)
        Dense(10)
      }
      try model.build(input: [28, 28, 1])
      model.initialize(seed: 0, on: device)
      let optimizer = Optimizer(SGD(learningRate: 0.01, momentum: 0.9))
      let images = Tensor.zeros([64, 28, 28, 1], on: device)
      let labels = Tensor([Int32](repeating: 3, count: 64), on: device)
      for step in 0..<12 {
        if step == 4 { (backend.kernelAllocations, backend.instructions) = (0, 0) }
        let (loss, gradients) = valueAndGradient(of: model) { model in
          softmaxCrossEntropy(model(images, .training(step: step, seed: 0)), labels)
        }
        optimizer.update(model, with: gradients)
        _ = try loss.item()
      }
      print(
        "\(backend.instructions > 100 ? "many" : "few") instructions, \(backend.kernelAllocations) blocks")
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    #expect(output.contains("many instructions, 0 blocks\n"), "\(output)")
  }
}
