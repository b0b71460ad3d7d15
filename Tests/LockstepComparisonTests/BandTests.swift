import LockstepComparison
import Testing

@Suite("Bands of operations")
struct BandTests {
  @Test("green is better than amber, amber better than red")
  func order() {
    #expect([OperationBand.red, .green, .amber].sorted() == [.green, .amber, .red])
  }
}
