import Lockstep
import Testing

@Suite("tensor statistics")
struct TensorStatisticsTests {
  @Test("they are NumPy's")
  func numpy() throws {
    // x = np.array([1.5, -2, 0, 7.25, 3, 0]); x.min(), x.max(), x.mean(), x.std(), np.linalg.norm(x)
    let statistics = TensorStatistics(of: [1.5, -2, 0, 7.25, 3, 0])
    #expect(statistics.count == 6 && statistics.zeroCount == 2)
    #expect(statistics.minimum == -2 && statistics.maximum == 7.25)
    #expect(abs(try #require(statistics.mean) - 1.625) < 1e-12)
    #expect(abs(try #require(statistics.standardDeviation) - 2.943035564401717) < 1e-12)
    #expect(abs(statistics.norm - 8.234834546000302) < 1e-12)
  }

  @Test("the variance of numbers far from zero keeps its digits")
  func variance() throws {
    let statistics = TensorStatistics(of: (0..<1000).map { 1e9 + Double($0 % 2) })
    #expect(abs(try #require(statistics.standardDeviation) - 0.5) < 1e-6)
  }

  @Test("what is not finite is counted and left out of the rest")
  func nonFinite() {
    let statistics = TensorStatistics(of: [.nan, 1, .infinity, 3, -.infinity, .nan])
    #expect(statistics.nanCount == 2 && statistics.infiniteCount == 2 && statistics.count == 6)
    #expect(statistics.minimum == 1 && statistics.maximum == 3 && statistics.mean == 2)
  }

  @Test("of nothing there is no mean")
  func empty() {
    let statistics = TensorStatistics(of: [])
    #expect(statistics.mean == nil && statistics.minimum == nil && statistics.standardDeviation == nil)
    #expect(statistics.norm == 0)
  }

  @Test("whole numbers and truth values have them too")
  func types() {
    let integers = TensorValue(TensorSpec([3], .int32), integers: [-4, 0, 4])
    #expect(TensorStatistics(of: integers).minimum == -4)
    #expect(TensorStatistics(of: TensorValue(TensorSpec([4], .bool), integers: [1, 0, 1, 1])).mean == 0.75)
  }
}
