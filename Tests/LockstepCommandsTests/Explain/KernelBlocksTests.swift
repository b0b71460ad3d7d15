import Lockstep
import LockstepReports
import Testing

@testable import LockstepCommands
@testable import LockstepComparison

@Suite("Kernels and sums in a report")
struct KernelBlocksTests {
  private func tables(_ blocks: [Report.Block]) -> [Table] {
    blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  private func paragraphs(_ blocks: [Report.Block]) -> [String] {
    blocks.compactMap { if case .paragraph(let text) = $0 { text } else { nil } }
  }

  private func charts(_ blocks: [Report.Block]) -> [Chart] {
    blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
  }

  private let agreement = KernelAgreement(
    rowCount: 48, columnCount: 48, largestInner: 640,
    kernels: [
      .init(name: "Prescott", largestInner: 640, largestError: 30),
      .init(name: "Nehalem", largestInner: 640, largestError: 12),
      .init(name: "Zen", largestInner: 640, largestError: 6),
      .init(name: "SapphireRapids", largestInner: 0, largestError: 0, problem: "BLAS core is Prescott"),
    ],
    pairs: [
      .init(
        first: "Prescott", second: "Nehalem", largestInner: 640, firstDifference: 129,
        differingInnerCount: 512, shareAtFirst: 0.25, shareBeyond: 0.9, largestUlps: 7, largestDifference: 2),
      .init(
        first: "Prescott", second: "Zen", largestInner: 640, firstDifference: nil, differingInnerCount: 0,
        shareAtFirst: 0, shareBeyond: 0, largestUlps: 0, largestDifference: 0),
    ])

  @Test func `the matrix of K* has a row and a column for each kernel that ran`() {
    let matrix = tables(agreement.blocks)[1]
    #expect(matrix.columns.map(\.title) == ["K*", "Prescott", "Nehalem", "Zen"])
    #expect(
      matrix.rows.map { $0.map(\.text) } == [
        ["Prescott", "", "129", "≡"], ["Nehalem", "129", "", "–"], ["Zen", "≡", "–", ""],
      ])
  }

  @Test func `a kernel that is not here is named with the reason`() {
    let row = tables(agreement.blocks)[0].rows[3].map(\.text)
    #expect(row == ["SapphireRapids", "not run here", "–", "BLAS core is Prescott"])
  }

  @Test func `growth is a chart over logarithms with a line for each way of adding`() throws {
    let growth = ErrorGrowth(
      series: [
        .init(
          quantity: .sum, name: "1 accumulator", kind: .plain,
          points: [
            .init(count: 100, errors: [3], value: 50, exact: 50.5),
            .init(count: 1000, errors: [9], value: 500, exact: 500.25),
          ]),
        .init(quantity: .sum, name: "Zen", kind: .blas, points: [], problem: "it died"),
      ], note: "there was no time for n = 10000")
    let chart = try #require(charts(growth.blocks).first)
    #expect(chart.x.scale == .logarithmic && chart.y.scale == .logarithmic)
    #expect(chart.marks.count == 1)
    let lines = chart.marks.compactMap { if case .line(let line) = $0 { line } else { nil } }
    #expect(lines.first?.points == [Chart.Point(100, 3), Chart.Point(1000, 9)])
    let rows = tables(growth.blocks)[0].rows.map { $0.map(\.text) }
    #expect(
      rows == [
        ["1 accumulator", "plain loop", "1,000", "9.00", "–", "500.0000", "500.2500", ""],
        ["Zen", "OpenBLAS", "–", "not run here", "–", "–", "–", "it died"],
      ])
    #expect(paragraphs(growth.blocks).last == "There was no time for n = 10000.")
  }

  @Test func `nothing measured says why`() {
    let blocks = ErrorGrowth(series: [], note: "there was no time for n = 100").blocks
    #expect(blocks.count == 1)
    #expect(paragraphs(blocks).first == "There was no time for n = 100.")
  }
}
