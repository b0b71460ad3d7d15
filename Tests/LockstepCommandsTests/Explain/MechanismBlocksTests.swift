import Lockstep
@testable import LockstepCommands
@testable import LockstepComparison
import LockstepReports
import Testing

@Suite("What a report shows of mechanisms")
struct MechanismBlocksTests {
  private func tables(_ blocks: [Report.Block]) -> [Table] {
    blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  private func charts(_ blocks: [Report.Block]) -> [Chart] {
    blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
  }

  private func lists(_ blocks: [Report.Block]) -> [String] {
    blocks.flatMap { if case .list(let items) = $0 { items } else { [] as [String] } }
  }

  private func row(_ outcome: MechanismRow.Outcome, command: String? = nil) -> MechanismRow {
    MechanismRow(
      "SIGILL", belongsTo: .profile, expected: "it ends", outcome: outcome, figure: "signal 4",
      evidence: "probes", command: command)
  }

  @Test("each mechanism says its outcome in words, and what would make it run")
  func mechanisms() throws {
    let blocks = MechanismRow.blocks([
      row(.reproduced), row(.notReproduced), row(.notRunHere, command: "scripts/build-worker arm64"),
    ])
    let table = try #require(tables(blocks).first)
    #expect(table.rows.map { $0[3].text } == ["reproduced", "not reproduced here", "not run here"])
    #expect(table.rows.map { $0[3].tone } == [.caution, .good, .neutral])
    #expect(table.rows[2][4].text == "signal 4; to run it: scripts/build-worker arm64")
    guard case .paragraph(let text)? = blocks.first else {
      Issue.record("no paragraph")
      return
    }
    #expect(text.contains("1 reproduced, 1 not reproduced here and 1 not run here"))
  }

  @Test("probes that differ are shown with what follows, norms by themselves, and what did not run")
  func probes() throws {
    let control = ProbeTable.Column(
      engine: "control", translator: nil, architecture: "x86_64",
      rows: [.init("rcpss", "approximate"), .init("AVX", "yes"), .init("dnrm2 of 1000", "0 ULP")],
      omissions: [])
    let valgrind = ProbeTable.Column(
      engine: "emulated", translator: "valgrind", architecture: "x86_64",
      rows: [.init("rcpss", "exact"), .init("AVX", "yes"), .init("dnrm2 of 1000", "7 ULP")],
      omissions: [Omission("norms", reason: "no time")])
    let blocks = ProbeTable(columns: [control, valgrind]).blocks
    let shown = tables(blocks)
    #expect(shown.count == 2)
    #expect(shown[0].rows.map { $0[0].text } == ["rcpss"])
    #expect(shown[0].rows[0][2].text == "exact" && shown[0].rows[0][2].tone == .caution)
    #expect(shown[0].rows[0][3].text.hasPrefix("code that refines the approximation"))
    #expect(shown[1].rows.map { $0.map(\.text) } == [["dnrm2 of 1000", "0 ULP", "7 ULP"]])
    #expect(lists(blocks) == ["emulated, norms: no time"])
  }

  @Test("an example that was cut says so, and is compared by operation")
  func examples() throws {
    func run(_ engine: String, _ size: Int, _ seconds: Double) -> AccountExamples.Run {
      AccountExamples.Run(
        engine: engine, subject: .matmul32, size: size, firstSeconds: 9, warmSeconds: seconds,
        repetitions: 3, error: 2, sampled: 66)
    }
    // A tenth of the rows, a thousandth of the work: as long is a thousand times as slow.
    let examples = AccountExamples(
      runs: [run("native", 2000, 0.5), run("emulated", 200, 0.5)],
      equalities: [
        .init(
          subject: .matmul32, first: "native", second: "emulated", size: 200, differing: 7, count: 40_000)
      ], omissions: [Omission("box64", reason: "not installed")])
    let shown = tables(examples.blocks)
    #expect(shown[0].rows[0][2].text == "2000 × 2000" && shown[0].rows[0][2].tone == .neutral)
    #expect(shown[0].rows[1][2].text == "200 × 200, cut" && shown[0].rows[1][2].tone == .caution)
    #expect(shown[0].rows.map { $0[5].text } == ["1.00", "1,000"])
    #expect(shown[1].rows[0].map(\.text).suffix(2) == ["7 of 40,000", "other"])
    #expect(lists(examples.blocks) == ["box64: not installed"])
    #expect(charts(examples.blocks).first?.summary.contains("emulated, takes 1,000 times") == true)
  }

  @Test("denormals show their cost as bars, and lost ones in words")
  func denormals() throws {
    func row(_ engine: String, wrong: Int, _ denormal: Double) -> DenormalCosts.Row {
      .init(
        engine: engine, operation: "x + x", count: 8, normalSeconds: 1, denormalSeconds: denormal,
        wrong: wrong, flushed: wrong)
    }
    let blocks = DenormalCosts(
      rows: [row("native", wrong: 0, 7), row("emulated", wrong: 8, 1)], omissions: []
    ).blocks
    let table = try #require(tables(blocks).first)
    #expect(table.rows.map { $0[6].tone } == [.good, .bad])
    #expect(table.rows[1][6].text == "8 other than IEEE 754's, 8 of them 0")
    let chart = try #require(charts(blocks).first)
    guard case .bars(let bars)? = chart.marks.first else {
      Issue.record("no bars")
      return
    }
    #expect(bars.values == [7, 1])
    #expect(chart.summary == "At most 7.00 times as long as normal ones: x + x on native.")
  }

  @Test("wrong conversions are listed with their engine")
  func conversions() throws {
    let blocks = ConversionFindings(
      rows: [
        .init(
          engine: "native", checked: 500, wrong: ["a: 1, not 2"], sum: [2, 3, 4, 6], sumDType: "int64",
          longSumCount: 10, longSumWrong: 3, longSumSeconds: 0.5)
      ], roundTrips: [.init(from: "int64", through: "float32", returned: 4, count: 9)], omissions: []
    ).blocks
    let shown = tables(blocks)
    #expect(
      shown[0].rows[0].map(\.text)
        == ["native", "500", "1", "[[2, 3], [4, 6]]", "int64", "3 of 10 wrong", "500 ms"])
    #expect(shown[0].rows[0][2].tone == .bad && shown[0].rows[0][3].tone == .bad)
    #expect(lists(blocks) == ["a: 1, not 2 (native)"])
    #expect(shown[1].rows[0].map(\.text) == ["int64", "–"])
  }

  @Test("nothing measured is said in a sentence")
  func nothing() {
    #expect(tables(AccountExamples(runs: [], equalities: [], omissions: []).blocks).isEmpty)
    #expect(tables(ProbeTable(columns: []).blocks).isEmpty)
    #expect(tables(MechanismRow.blocks([])).isEmpty)
  }

  @Test(
    "short times have units",
    arguments: [(2.5, "2.50 s"), (0.0123, "12.3 ms"), (4.56e-6, "4.56 µs"), (0, "?"), (.nan, "?")])
  func times(seconds: Double, text: String) {
    #expect(Phrases.time(seconds) == text)
  }
}
