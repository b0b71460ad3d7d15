import LockstepBackends
import LockstepCore
import Synchronization
import Testing

@Suite("Numbers beside tensors")
struct ConstantTests {
  /// Counts what is brought to a backend and what is given back.
  private final class Ledger: BackendDecorator {
    let inner: any Backend = ReferenceBackend()
    private let counts = Mutex((uploads: 0, live: 0))
    var uploads: Int { counts.withLock { $0.uploads } }
    var live: Int { counts.withLock { $0.live } }

    func allocate(byteCount: Int) -> BufferID {
      counts.withLock { $0.live += 1 }
      return inner.allocate(byteCount: byteCount)
    }

    func release(_ buffer: BufferID) {
      counts.withLock { $0.live -= 1 }
      inner.release(buffer)
    }

    func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
      counts.withLock { $0.uploads += 1 }
      inner.upload(bytes, to: buffer)
    }
  }

  @Test("are brought to the device once, and stay there")
  func once() throws {
    let ledger = Ledger()
    let x = Tensor([1.5, 2.5] as [Float], on: Device(ledger))
    for _ in 0..<5 { #expect(try (x + 1).scalars(as: Float.self) == [2.5, 3.5]) }
    #expect(ledger.uploads == 2)
    #expect(ledger.live == 2)
  }

  @Test("of equal bits and another dtype are other numbers")
  func dtypes() throws {
    let device = Device(ReferenceBackend())
    let bits = Float(1).bitPattern
    #expect(try (Tensor([0] as [Int32], on: device) + Int32(bits)).scalars(as: Int32.self) == [Int32(bits)])
    #expect(try (Tensor([0] as [Float], on: device) + 1).scalars(as: Float.self) == [1])
    #expect(try (Tensor([1] as [Float], on: device) * -0.0).scalars(as: Float.self)[0].sign == .minus)
    #expect(try (Tensor([1] as [Float], on: device) * 0.0).scalars(as: Float.self)[0].sign == .plus)
  }

  @Test("may be more than a device keeps: the others are given back")
  func many() throws {
    let ledger = Ledger()
    let x = Tensor([1] as [Int64], on: Device(ledger))
    for _ in 0..<2 {
      for number in 0..<100 {
        #expect(try (x + number).scalars(as: Int64.self) == [Int64(number) + 1])
      }
    }
    #expect((2..<50).contains(ledger.live))
  }
}
