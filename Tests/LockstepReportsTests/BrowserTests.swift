import Foundation
import LockstepReports
import Testing

/// Reports as a browser shows them.
@Suite("Reports in a browser", .serialized, .enabled(if: BrowserCheck.isWanted, "LOCKSTEP_SKIP_BROWSER=1"))
struct BrowserTests {
  /// A report with everything that a report can have, and text that would break a careless one.
  static let report: Report = {
    let nasty = "</script><img src=http://example.com/x.png> & \"quoted\" עברית"
    let curve = (0..<5_000).map { Chart.Point(Double($0), 2 / (1 + Double($0) / 100)) }
    let lines = Chart(
      nasty, summary: nasty, x: .init("step"), y: .init("loss", .logarithmic),
      marks: [
        .band(.init("native", lower: curve, upper: curve.map { .init($0.x, $0.y * 2) })),
        .line(.init("native", detail: nasty, curve)),
        .line(.init("emulated", curve.map { .init($0.x, $0.y * 1.5) })),
        .verticalRule(1_000, label: "curves part"),
        .horizontalRule(0.5, label: nasty),
      ])
    let bars = Chart.bars([
      .init("one", values: [1, 2, 3], intervals: [0.5...2, nil, nil]), .init("two", values: [3, 2, 1]),
    ])
    let onTheirSide = Chart(
      "Lengths", summary: "", x: .init("length"), y: .init("", .categories(["a", "b"])),
      marks: [.bars(.init("", values: [4, 2]))])
    let wide = (0..<12).map { Table.Column("column number \($0)") }
    let table = Table(
      nasty, columns: wide,
      rows: [wide.map { .init($0.title, tone: .bad) }, wide.map { .init($0.title, tone: .caution) }])
    return Report(
      title: nasty, verdict: "DIVERGED: " + nasty, tone: .bad, summary: [nasty, "Second."],
      sections: [
        .init(
          "Curves",
          [.paragraph(nasty), .chart(lines), .chart(bars), .chart(onTheirSide), .chart(.line([Double]()))]),
        .init(
          "Rest",
          [.list(["one", nasty]), .table(table), .code(String(repeating: "a long command ", count: 30))]),
      ], command: "lockstep compare a b")
  }()

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "lockstep-browser-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(
    "reports are read without an error, a request or a barrier, by keys and by pointer, in light and dark")
  func good() throws {
    try inFolder { folder in
      let tones: [Report.Tone] = [.good, .caution, .neutral]
      let small = tones.map {
        Report(title: "Small", verdict: "SMALL \($0)", tone: $0, summary: ["Some words."])
      }
      let files = (0...tones.count).map { "\(folder)/\($0).html" }
      for (report, file) in zip([Self.report] + small, files) { try ReportFile.write(report, to: file) }
      let (code, text) = try BrowserCheck.run(files)
      #expect(code == 0, "\(text)")
      #expect(text.contains("0.html: 4 charts, nothing wrong; verdict: \(Self.report.verdict)\n"), "\(text)")
      #expect(text.contains("3.html: 0 charts, nothing wrong; verdict: SMALL neutral\n"), "\(text)")
    }
  }

  /// Breaks a report, and names what the check must then say.
  static let faults: [(find: String, replacement: String, problem: String)] = [
    ("</main>", "</main><script>console.error('oh no')</script>", "console: oh no"),
    ("\"use strict\";", "\"use strict\"; undefined.property;", "the script did not run to its end"),
    ("</main>", "</main><img alt='' src='http://example.com/a.png'>", "console: "),
    ("default-src 'none'; ", "", "request: http"),
    (" id=\"verdict\"", " id=\"finding\"", "there is no element with the id verdict"),
    ("<h3 ", "<h4 ", "of level 4 follows one of level 2"),
    ("--muted:#59616b", "--muted:#b0b0b0", "in light colours"),
    ("--muted:#a3abb5", "--muted:#505050", "in dark colours"),
    ("overflow-x:auto", "overflow-x:visible", "on a screen of 360 pixels"),
    ("addEventListener(\"keydown\"", "addEventListener(\"nothing\"", "the keys read nothing out"),
    ("addEventListener(\"pointermove\"", "addEventListener(\"nothing\"", "the pointer shows no values"),
    (" scope=\"col\"", "", "a table heading has no scope"),
  ]

  @Test("the check finds what is wrong with a broken report")
  func broken() throws {
    try inFolder { folder in
      let chart = Chart.line([1, 2, 3])
      let wide = Table("Wide", columns: (0..<12).map { .init("column-number-\($0)") }, rows: [])
      let html = Report(
        title: "Broken", verdict: "BROKEN", tone: .bad,
        sections: [.init("One", [.chart(chart), .table(wide)])]
      ).html()
      var files: [String] = []
      for (index, fault) in Self.faults.enumerated() {
        var broken = html.replacing(fault.find, with: fault.replacement)
        #expect(broken != html, "\(fault.find) is not in the report")
        if fault.problem.hasPrefix("request") {
          broken = broken.replacing("img-src data:", with: "img-src *").replacing(
            "</main>", with: "<img alt='' src='http://example.com/a.png'></main>")
        }
        files.append("\(folder)/\(index).html")
        try Data(broken.utf8).write(to: URL(filePath: files[index]))
      }
      let (code, text) = try BrowserCheck.run(files)
      #expect(code == 1)
      for (file, fault) in zip(files, Self.faults) {
        let said = text.split(separator: "\n").filter { $0.hasPrefix("\(file): ") }
        #expect(said.contains { $0.contains(fault.problem) }, "\(fault.problem) is not in \(said)")
      }
    }
  }
}

@Suite("Rules of the browser tests")
struct BrowserRuleTests {
  @Test(
    "they run unless they are left out, and always in CI",
    arguments: [
      ([:], true), (["LOCKSTEP_SKIP_BROWSER": "1"], false),
      (["CI": "true", "LOCKSTEP_SKIP_BROWSER": "1"], true),
    ] as [([String: String], Bool)])
  func isWanted(environment: [String: String], expected: Bool) {
    #expect(BrowserCheck.isWanted(environment) == expected)
  }

  @Test("a missing Chromium is said in a line that tells how to get it")
  func missing() throws {
    // A PATH with Python alone.
    let folder = FileManager.default.temporaryDirectory.appending(path: "lockstep-path-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let python = try BrowserCheck.output(
      "/usr/bin/env", ["python3", "-c", "import sys; print(sys.executable, end='')"])
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/python3", withDestinationPath: python.text)
    let (code, text) = try BrowserCheck.run(["\(#filePath)"], environment: ["PATH": folder])
    #expect(code == 1)
    #expect(text == "error: Chromium is not installed; to install it: sudo apt-get install chromium\n")
  }
}
