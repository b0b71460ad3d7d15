import LockstepReports
import Testing

@Suite("Tables")
struct TableTests {
  @Test("a row with another number of cells than columns traps")
  func raggedRow() async {
    await #expect(processExitsWith: .failure) {
      _ = Table("ragged", columns: ["one", "two"], rows: [["a"]])
    }
  }
}
