import LockstepReports
import Testing

@Suite("Sparklines")
struct SparklineTests {
  private let unicode = TextStyle(isUnicode: true)

  @Test("values become blocks from the lowest to the highest")
  func blocks() {
    let values = (0..<8).map(Double.init)
    #expect(Sparkline(values).text(width: 8, style: unicode) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline(values).text(width: 8, style: TextStyle(isUnicode: false)) == "_.-~=*^#")
  }

  @Test("a longer curve becomes means of stretches, a shorter one is not stretched")
  func width() {
    #expect(Sparkline([0, 2, 9, 7, 4, 4]).text(width: 3, style: unicode) == "▁█▄")
    #expect(Sparkline([1, 2]).text(width: 30, style: unicode) == "▁█")
  }

  @Test("powers of ten rise evenly by the logarithm, and what has none is a gap")
  func logarithm() {
    #expect(Sparkline([1, 10, 0, 100], .logarithmic).text(width: 9, style: unicode) == "▁▅ █")
  }

  @Test("what is not finite is a gap, and of nothing else nothing is drawn")
  func gaps() {
    #expect(Sparkline([1, .nan, .infinity, 2]).text(width: 4, style: unicode) == "▁  █")
    #expect(Sparkline([.nan]).text(width: 4, style: unicode).isEmpty)
    #expect(Sparkline([]).text(width: 4, style: unicode).isEmpty)
    #expect(Sparkline([3, 3]).text(width: 4, style: unicode) == "▅▅")
  }
}
