import LockstepCore
import Testing

@Suite("Creating and reading tensors", .onReference)
struct CreationTests {
  @Test("keeps the bits of every element type")
  func roundTrip() throws {
    func check<Element: TensorElement & Equatable>(_ values: [Element]) throws {
      let tensor = Tensor(values)
      #expect(tensor.dtype == Element.dtype)
      #expect(tensor.shape == [values.count])
      #expect(try tensor.scalars(as: Element.self) == values)
    }
    try check([1.5, -0.0, .infinity, .leastNonzeroMagnitude] as [Float])
    try check([1.5, -0.0, .infinity, .leastNonzeroMagnitude])
    try check([Int.min, 0, Int.max])
    try check([Int64.min, 0, Int64.max])
    try check([Int32.min, 0, Int32.max])
    try check([0, 255] as [UInt8])
    try check([true, false])
    try check([] as [Float])
  }

  @Test("takes bytes as they lie in memory")
  func bytes() throws {
    let tensor = Tensor([1, -2, 3] as [Int32])
    let copy = try tensor.bytes().withUnsafeBytes { Tensor(bytes: $0, spec: tensor.spec) }
    #expect(try copy.scalars(as: Int32.self) == [1, -2, 3])
  }

  @Test("fills with constants of any dtype")
  func constants() throws {
    #expect(try Tensor.zeros([2, 2]).scalars(as: Float.self) == [0, 0, 0, 0])
    #expect(try Tensor.ones([2], dtype: .bool).scalars(as: Bool.self) == [true, true])
    #expect(try Tensor.full([2], Int.max).scalars(as: Int.self) == [.max, .max])
    #expect(try Tensor.full([], 0.1).item() == 0.1)
    #expect(Tensor.zeros([0, 3]).count == 0)
  }

  @Test("makes ranges, identities and scalars")
  func ranges() throws {
    #expect(try Tensor.range(2..<5).scalars(as: Int.self) == [2, 3, 4])
    #expect(try Tensor.range(0..<2, dtype: .float32).scalars(as: Float.self) == [0, 1])
    #expect(try Tensor.eye(2).scalars(as: Float.self) == [1, 0, 0, 1])
    #expect(Tensor(3 as Float).shape == [])
  }

  @Test("reads the only element of every dtype as a number")
  func item() throws {
    for dtype in DType.allCases {
      #expect(try Tensor.full([1, 1], 1, dtype: dtype).item() == 1)
    }
  }

  @Test("draws the same random numbers from the same stream, within the bounds")
  func random() throws {
    var stream = RandomStream(seed: 1, purpose: .user)
    var same = stream
    let numbers = Tensor.uniform([1000], in: -2..<3, using: &stream)
    #expect(try numbers.values.allSatisfy { $0 >= -2 && $0 < 3 })
    #expect(try numbers.values == Tensor.uniform([1000], in: -2..<3, using: &same).values)
    #expect(try numbers.min().item() < -1.9 && numbers.max().item() > 2.9)
    let normal = Tensor.normal([10_000], mean: 5, standardDeviation: 2, using: &stream)
    #expect(abs(try normal.mean().item() - 5) < 0.1)
    #expect(abs(try normal.variance().item() - 4) < 0.25)
  }

  @Test("never draws the bound that a uniform range excludes")
  func excludedBound() throws {
    var stream = RandomStream(seed: 1, purpose: .user)
    // Only one number lies between the bounds, and a sum of the lower and a share of the width rounds.
    let numbers = Tensor.uniform([100], in: 1..<Float(1).nextUp, using: &stream)
    #expect(try numbers.values.allSatisfy { $0 == 1 })
  }

  @Test("gives memory back with the last copy")
  func release() {
    let backend = MemoryBackend()
    do {
      let first = Tensor([1, 2, 3], on: Device(backend))
      let copy = first
      #expect(backend.liveBuffers == 1)
      _ = copy.reshaped([3, 1])
      #expect(backend.liveBuffers == 1)
    }
    #expect(backend.liveBuffers == 0)
  }

  @Test("throws the device's failure where a value is read")
  func failure() {
    let failure = BackendError.outOfMemory(byteCount: 12)
    let device = Device(MemoryBackend(failure: failure))
    let tensor = Tensor([1] as [Float], on: device) + 1
    #expect(throws: failure) { try tensor.item() }
    #expect(throws: failure) { try tensor.scalars(as: Float.self) }
    #expect(throws: failure) { try tensor.bytes() }
    #expect(throws: failure) { try device.synchronize() }
  }
}
