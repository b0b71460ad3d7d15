import LockstepCore
import Testing

@Suite("Philox")
struct PhiloxTests {
  struct Case: Decodable {
    let counter: [UInt32]
    let key: [UInt32]
    let output: [UInt32]
  }

  @Test("gives the known answers of Random123, its authors' library")
  func knownAnswers() throws {
    let cases: [Case] = try Golden.load("philox")
    #expect(cases.count >= 3)
    for golden in cases {
      let block = Philox.block(counter: SIMD4(golden.counter), key: SIMD2(golden.key))
      #expect((0..<4).map { block[$0] } == golden.output, "counter \(golden.counter) key \(golden.key)")
    }
  }
}
