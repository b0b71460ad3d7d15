#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Turns drawings into PNG images by librsvg's program `rsvg-convert`.
public enum PNGRenderer {
  /// Pixels of the image for one of the drawing, for screens with small ones.
  public static let scale = 2

  /// Whether the program is there.
  public static var isInstalled: Bool { (try? program()) != nil }

  /// Writes an SVG document as a PNG image of twice its width and height. The file appears when it is complete.
  ///
  /// - Throws: `ReportError` if `rsvg-convert` is missing or fails, or the file can't be written.
  public static func render(svg: String, to path: String) throws(ReportError) {
    try ReportFile.write(try png(of: svg), to: path)
  }

  /// Writes a chart as a PNG image of twice as many pixels.
  ///
  /// - Throws: `ReportError` if `rsvg-convert` is missing or fails, or the file can't be written.
  public static func render(_ chart: Chart, width: Int = 760, height: Int = 440, to path: String)
    throws(ReportError)
  {
    try render(svg: chart.svg(width: width, height: height), to: path)
  }

  /// The image of an SVG document.
  static func png(of svg: String) throws(ReportError) -> [UInt8] {
    let program = try program()
    let result: Subprocess.Result
    do throws(Subprocess.Failure) {
      result = try Subprocess.run(
        program, arguments: ["--zoom", "\(scale)", "--format", "png"], input: Array(svg.utf8))
    } catch {
      throw ReportError("\(program) can't be started: \(error.reason)")
    }
    guard result.status == 0, !result.output.isEmpty else {
      let words = result.error.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw ReportError(
        "\(program) could not make the PNG image: \(words.isEmpty ? "it said nothing" : words)")
    }
    return result.output
  }

  /// Where the program is.
  package static func program(
    path: String? = getenv("PATH").map { String(cString: $0) }
  ) throws(ReportError) -> String {
    for folder in (path ?? "").split(separator: ":") {
      let candidate = "\(folder)/rsvg-convert"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    throw ReportError(
      "a PNG image needs rsvg-convert, which is not installed: sudo apt-get install librsvg2-bin; "
        + "an .svg file needs nothing")
  }
}
