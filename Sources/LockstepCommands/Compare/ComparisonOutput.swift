import ArgumentParser
import Lockstep
import LockstepData
import LockstepReports

/// Where findings go, besides a person's eyes.
struct ComparisonOutput: ParsableArguments {
  @Flag(help: "Print the findings as JSON.")
  var json = false

  @Option(
    help: ArgumentHelp("Write a report: one HTML file that needs no other.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    help: ArgumentHelp("Write the charts as a picture: .png or .svg.", valueName: "file"),
    completion: .file(extensions: ["png", "svg"]))
  var plot: String?

  /// Finds out what can be found out before the work is done.
  ///
  /// - Throws: ``UsageError`` for a name that can't be one of such a file, ``CommandFailure`` where it can't be
  ///   written.
  func check() throws {
    if let report {
      do { try ReportFile.checkDocument(report) } catch { throw UsageError("\(error)") }
    }
    if let plot {
      do {
        try ReportFile.checkPlot(plot)
      } catch {
        // A PNG's name is good, and the program that makes it is missing.
        if plot.lowercased().hasSuffix(".png") { throw CommandFailure("\(error)") }
        throw UsageError("\(error)")
      }
    }
    for file in [report, plot].compactMap(\.self) {
      guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { continue }
      let folder = String(file[..<slash])
      guard Folder.isFolder(folder) else {
        throw CommandFailure("\(file) can't be written: there is no folder \(folder)")
      }
    }
  }

  /// Writes the files that were asked for.
  func write(_ document: Report) throws {
    if let report { try ReportFile.write(document, to: report) }
    if let plot { try ReportFile.write(document.charts, to: plot) }
  }

  /// Draws the charts on a terminal, and says what was written.
  func draw(_ document: Report) {
    let terminal = Terminal.standardOutput
    if terminal.isInteractive {
      for chart in document.charts.prefix(2) {
        terminal.write("\n" + chart.text(width: terminal.lineWidth, style: terminal.textStyle))
      }
    }
    for file in [report, plot].compactMap(\.self) { Terminal.standardError.write("written: \(file)") }
  }
}
