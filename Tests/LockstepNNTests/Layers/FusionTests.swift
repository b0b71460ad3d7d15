import LockstepBackends
import LockstepCore
import LockstepNN
import Synchronization
import Testing

@Suite("Fused layers")
struct FusionTests {
  private static let direct = ExecutionOptions(fusesOperations: true, convolution: .direct)
  private static let single = ExecutionOptions(fusesOperations: false, convolution: .direct)

  /// Names the operations that it passes on.
  private final class Listing: BackendDecorator {
    let inner: any Backend
    private let names = Mutex<[String]>([])
    var operations: [String] { names.withLock { $0 } }
    private let fuses: Bool
    init(_ inner: any Backend, fuses: Bool = true) {
      self.inner = inner
      self.fuses = fuses
    }
    func supports(_ operation: Operation, _ dtype: DType) -> Bool {
      (fuses || operation.name != "fusedConv2D") && inner.supports(operation, dtype)
    }
    func submit(_ instruction: Instruction) {
      names.withLock { $0.append(instruction.operation.name) }
      inner.submit(instruction)
    }
  }

  private static func operations(
    of model: Sequential, _ image: Shape, training: Bool = false, _ options: ExecutionOptions = direct,
    fuses: Bool = true
  ) throws -> [String] {
    let listing = Listing(ReferenceBackend(), fuses: fuses)
    let device = Device(listing)
    _ = try model.build(input: Shape(Array(image.dimensions.dropFirst())))
    model.initialize(seed: 1, on: device)
    let x = Tensor.zeros(image, on: device)
    let before = listing.operations.count
    _ = model(x, training ? .training(step: 0, seed: 0, options: options) : .inference(options))
    return Array(listing.operations.dropFirst(before))
  }

  @Test("convolution, ReLU and pool are one operation, whether the ReLU is the convolution's or a layer")
  func whatIsFused() throws {
    let image: Shape = [1, 6, 6, 1]
    let inside = Sequential {
      Conv2D(2, kernel: 3, activation: .relu)
      MaxPool2D(2)
    }
    let outside = Sequential {
      Conv2D(2, kernel: 3)
      ReLU()
      MaxPool2D(2)
    }
    #expect(try Self.operations(of: inside, image) == ["fusedConv2D"])
    #expect(try Self.operations(of: outside, image) == ["fusedConv2D"])
    #expect(
      try Self.operations(of: inside, image, fuses: false) == ["conv2D", "add", "relu", "maxPool2D"],
      "a backend that has no fused operations")
    #expect(try Self.operations(of: outside, image, Self.single) == ["conv2D", "add", "relu", "maxPool2D"])
  }

  @Test("a depthwise convolution is fused as any other")
  func depthwise() throws {
    let model = Sequential {
      DepthwiseConv2D(kernel: 3, bias: false)
      BatchNorm(activation: .relu)
      DepthwiseConv2D(kernel: 1, multiplier: 2, activation: .relu)
      MaxPool2D(2)
    }
    // What comes before makes the folded weight.
    let operations = try Self.operations(of: model, [2, 6, 6, 3])
    #expect(operations.filter { $0 == "fusedConv2D" }.count == 2 && operations.last == "fusedConv2D")
    #expect(!operations.contains("conv2D") && !operations.contains("batchNormInference"))
  }

  @Test("what can't be fused is computed by itself")
  func whatIsNot() throws {
    let image: Shape = [1, 6, 6, 1]
    let overlapping = Sequential {
      Conv2D(2, kernel: 3, activation: .relu)
      MaxPool2D(3, stride: 1)
    }
    let tanh = Sequential {
      Conv2D(2, kernel: 3, activation: .tanh)
      MaxPool2D(2)
    }
    let bare = Sequential { Conv2D(2, kernel: 3, bias: false) }
    #expect(try Self.operations(of: overlapping, image) == ["fusedConv2D", "maxPool2D"])
    #expect(try Self.operations(of: tanh, image) == ["fusedConv2D", "tanh", "maxPool2D"])
    #expect(try Self.operations(of: bare, image) == ["conv2D"])
  }

  @Test("batch normalisation is folded into the weight in prediction, and never in training")
  func normalization() throws {
    let model = Sequential {
      Conv2D(2, kernel: 3, bias: false)
      BatchNorm(activation: .relu)
      MaxPool2D(2)
    }
    #expect(try Self.operations(of: model, [2, 6, 6, 1]).last == "fusedConv2D")
    let training = try Self.operations(of: model, [2, 6, 6, 1], training: true)
    #expect(training.first == "conv2D" && training.contains("batchNorm") && training.last == "maxPool2D")
  }

  @Test(
    "a folded batch normalisation gives what it gives by itself", arguments: TestBackend.all,
    [false, true])
  func foldedValues(_ backend: TestBackend, isDepthwise: Bool) throws {
    let device = try backend.device()
    let convolution: any Layer =
      isDepthwise
      ? DepthwiseConv2D(kernel: 3, multiplier: 2, padding: .same) : Conv2D(5, kernel: 3, padding: .same)
    let model = Sequential {
      convolution
      BatchNorm(activation: .relu)
      MaxPool2D(2)
    }
    _ = try model.build(input: [6, 6, 3])
    model.initialize(seed: 3, on: device)
    let x = Tensor.uniformForTests([4, 6, 6, 3], on: device)
    // Running statistics that are not those at the start.
    _ = model(x * 3 + 1, .training(step: 0, seed: 0))
    let fused = try model(x, .inference(Self.direct)).scalars(as: Float.self)
    let single = try model(x, .inference(Self.single)).scalars(as: Float.self)
    let largest = single.map(\.magnitude).max() ?? 0
    #expect(largest > 0)
    for (a, b) in zip(fused, single) { #expect((a - b).magnitude <= 1e-5 * largest) }
  }

  @Test("results and gradients have the bits of the single operations, the bias's are rounded otherwise")
  func sameBits() throws {
    let device = Device(try NativeBackend(threads: 2))
    let model = Sequential {
      Conv2D(16, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(2)
      Conv2D(20, kernel: 3, padding: .same)
      ReLU()
      MaxPool2D(2)
      Flatten()
      Dense(10)
    }
    _ = try model.build(input: [10, 10, 1])
    model.initialize(seed: 4, on: device)
    let x = Tensor.uniformForTests([32, 10, 10, 1], on: device)
    let labels = Tensor((0..<32).map { Int64($0 % 10) }, on: device)
    func step(_ options: ExecutionOptions) throws -> (loss: Double, gradients: [(String, [Float])]) {
      let (loss, gradients) = valueAndGradient(of: model) {
        softmaxCrossEntropy($0(x, .training(step: 0, seed: 0, options: options)), labels)
      }
      let values = try model.parameters.map { named in
        (named.name, try (#require(gradients[named.name])).scalars(as: Float.self))
      }
      return (try loss.item(), values)
    }
    let fused = try step(Self.direct)
    let single = try step(Self.single)
    #expect(fused.loss == single.loss)
    for ((name, a), (_, b)) in zip(fused.gradients, single.gradients) {
      if name.hasSuffix("bias") {
        let largest = b.map(\.magnitude).max() ?? 0
        for (a, b) in zip(a, b) { #expect((a - b).magnitude <= 1e-5 * largest, "\(name)") }
      } else {
        #expect(a == b, "\(name)")
      }
    }
  }

  @Test("auto takes Winograd for 3x3 kernels from 16 channels on, in float32")
  func automaticChoice() throws {
    func algorithm(_ choice: ConvolutionChoice, _ layer: Conv2D, channels: Int) throws -> ConvolutionAlgorithm
    {
      final class First: BackendDecorator {
        let inner: any Backend = ReferenceBackend()
        let found = Mutex<ConvolutionAlgorithm?>(nil)
        func submit(_ instruction: Instruction) {
          if case .conv2D(let convolution) = instruction.operation {
            found.withLock { $0 = $0 ?? convolution.algorithm }
          }
          inner.submit(instruction)
        }
      }
      let first = First()
      let device = Device(first)
      _ = try layer.build(input: [4, 4, channels])
      layer.initialize(seed: 0, on: device)
      let options = ExecutionOptions(fusesOperations: false, convolution: choice)
      _ = layer(Tensor.zeros([1, 4, 4, channels], on: device), .inference(options))
      return try #require(first.found.withLock { $0 })
    }
    #expect(try algorithm(.auto, Conv2D(16, kernel: 3), channels: 16) == .winograd)
    #expect(try algorithm(.auto, Conv2D(16, kernel: 3), channels: 15) == .direct)
    #expect(try algorithm(.auto, Conv2D(16, kernel: 3, stride: 2), channels: 16) == .direct)
    #expect(try algorithm(.auto, Conv2D(16, kernel: 1), channels: 16) == .direct)
    #expect(try algorithm(.auto, Conv2D(256, kernel: 3), channels: 256) == .winograd)
    #expect(try algorithm(.auto, Conv2D(257, kernel: 3), channels: 256) == .direct)
    #expect(try algorithm(.direct, Conv2D(16, kernel: 3), channels: 16) == .direct)
    #expect(try algorithm(.winograd, Conv2D(2, kernel: 3), channels: 1) == .winograd)
  }
}
