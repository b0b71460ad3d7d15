import Foundation
import LockstepData
@testable import LockstepReports
import Testing

/// PNG images by rsvg-convert, which scripts/test installs.
@Suite("PNG")
struct PNGTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "lockstep-reports-\(UUID().uuidString)"
  ).path

  private func inFolder(_ body: () throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body()
  }

  @Test("an image has twice the size, is light at its edge, and shows the line in its colour")
  func image() throws {
    try inFolder {
      try PNGRenderer.render(.line([1, 1]), width: 300, height: 200, to: "\(folder)/plot.png")
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/plot.png")))
      let image = try PNGDecoder().decode(bytes, channels: .rgb)
      #expect(image.width == 600)
      #expect(image.height == 400)
      let pixels = stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) }
      #expect(pixels[0] == [255, 255, 255])
      // #0072b2 as Palette has it; a level line of 2 pixels at twice the size, and the legend's.
      let blue = pixels.indices.filter { pixels[$0] == [0x00, 0x72, 0xB2] }
      #expect(blue.count > 1_000)
      let rows = Dictionary(grouping: blue) { $0 / 600 }.mapValues(\.count)
      #expect(rows.values.max()! > 400, "no row is mostly line")
      // The text, which no font would leave out.
      #expect(pixels.count { $0[0] < 0x40 && $0[1] < 0x40 && $0[2] < 0x48 } > 100)
    }
  }

  @Test("several charts make one image, and a file of that name is replaced")
  func several() throws {
    try inFolder {
      try Data("old".utf8).write(to: URL(filePath: "\(folder)/plot.png"))
      try ReportFile.write([.line([1, 2]), .line([3, 4])], to: "\(folder)/plot.png")
      let header = try PNGDecoder().header(ofFile: "\(folder)/plot.png")
      #expect(header.width == 1520)
      #expect(header.height == 1760)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == ["plot.png"])
    }
  }

  @Test("a missing rsvg-convert is said in a line that tells how to get it")
  func missing() {
    let error = #expect(throws: ReportError.self) { _ = try PNGRenderer.program(path: "/nonexistent:") }
    #expect(
      error?.description
        == "a PNG image needs rsvg-convert, which is not installed: sudo apt-get install librsvg2-bin; an .svg file needs nothing"
    )
  }

  @Test("what is no SVG is an error with the program's words, and leaves no file")
  func broken() throws {
    try inFolder {
      let error = #expect(throws: ReportError.self) {
        try PNGRenderer.render(svg: "<svg", to: "\(folder)/plot.png")
      }
      #expect(error?.description.contains("could not make the PNG image") == true)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.isEmpty)
    }
  }

  @Test("much input and much output don't wait for each other")
  func noDeadlock() throws {
    let input = [UInt8](repeating: 65, count: 3_000_000)
    let result = try Subprocess.run("/bin/cat", arguments: [], input: input)
    #expect(result.status == 0)
    #expect(result.output == input)
  }

  @Test("a program's exit code, signal and last words are known")
  func status() throws {
    let result = try Subprocess.run("/bin/sh", arguments: ["-c", "echo gone >&2; exit 3"], input: [])
    #expect(result.status == 3)
    #expect(result.error == "gone\n")
    let killed = try Subprocess.run("/bin/sh", arguments: ["-c", "kill -9 $$"], input: [])
    #expect(killed.status == 137)
    #expect(throws: Subprocess.Failure.self) {
      try Subprocess.run("/nonexistent/program", arguments: [], input: [])
    }
  }
}

@Suite("Files of reports")
struct ReportFileTests {
  @Test(
    "a name that ends otherwise is refused before anything is written",
    arguments: ["plot.jpg", "plot", "svg", "plot.svg.txt"])
  func plotName(name: String) {
    let error = #expect(throws: ReportError.self) {
      try ReportFile.write([.line([1])], to: "/nonexistent/\(name)")
    }
    #expect(
      error?.description
        == "/nonexistent/\(name): a plot is written as .svg or .png; please give a name that ends so")
  }

  @Test("a report is HTML and nothing else", arguments: ["report.pdf", "report"])
  func reportName(name: String) {
    let report = Report(title: "", verdict: "", tone: .good)
    let error = #expect(throws: ReportError.self) { try ReportFile.write(report, to: name) }
    #expect(error?.description == "\(name): a report is written as .html; please give a name that ends so")
  }

  @Test("a folder that isn't there is said with the file's name")
  func noFolder() {
    let report = Report(title: "", verdict: "", tone: .good)
    let error = #expect(throws: ReportError.self) {
      try ReportFile.write(report, to: "/nonexistent/report.html")
    }
    #expect(error?.description == "/nonexistent/report.html can't be written: No such file or directory")
  }
}
