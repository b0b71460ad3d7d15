import LockstepData

/// Writes documents and charts to files, whose names say in which form.
public enum ReportFile {
  /// Checks, before any work is done, that a document can be written by that name.
  ///
  /// - Throws: `ReportError` if the name does not end in `.html`.
  public static func checkDocument(_ path: String) throws(ReportError) {
    guard [".html", ".htm"].contains(where: path.lowercased().hasSuffix) else {
      throw ReportError("\(path): a report is written as .html; please give a name that ends so")
    }
  }

  /// Checks, before any work is done, that charts can be written by that name.
  ///
  /// - Throws: `ReportError` if the name ends neither in `.svg` nor in `.png`, or if it is a PNG and the
  ///   program that makes those is not installed.
  public static func checkPlot(_ path: String) throws(ReportError) {
    switch path.lowercased() {
    case let name where name.hasSuffix(".svg"): break
    case let name where name.hasSuffix(".png"): _ = try PNGRenderer.program()
    default:
      throw ReportError("\(path): a plot is written as .svg or .png; please give a name that ends so")
    }
  }

  /// Writes a document as HTML.
  ///
  /// - Throws: `ReportError` if the name has another ending or the file can't be written.
  public static func write(_ report: Report, to path: String) throws(ReportError) {
    try checkDocument(path)
    try write(Array(report.html().utf8), to: path)
  }

  /// Writes charts, one below the other, as SVG or PNG.
  ///
  /// - Throws: `ReportError` if the name has another ending, the file can't be written, or a PNG can't be made.
  public static func write(_ charts: [Chart], to path: String) throws(ReportError) {
    try checkPlot(path)
    try write(svg: Chart.svg(of: charts), to: path)
  }

  /// Writes a contact sheet as SVG or PNG.
  ///
  /// - Throws: `ReportError` if the name has another ending, the file can't be written, or a PNG can't be made.
  public static func write(_ sheet: ContactSheet, to path: String) throws(ReportError) {
    try checkPlot(path)
    try write(svg: try sheet.svg(), to: path)
  }

  /// Writes a confusion matrix as SVG or PNG.
  ///
  /// - Throws: `ReportError` if the name has another ending, the file can't be written, or a PNG can't be made.
  public static func write(_ chart: ConfusionChart, to path: String) throws(ReportError) {
    try checkPlot(path)
    try write(svg: chart.svg(), to: path)
  }

  private static func write(svg: String, to path: String) throws(ReportError) {
    if path.lowercased().hasSuffix(".svg") {
      try write(Array(svg.utf8), to: path)
    } else {
      try PNGRenderer.render(svg: svg, to: path)
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
    do throws(FileError) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw ReportError("\(path) can't be written: \(error)")
    }
  }
}
