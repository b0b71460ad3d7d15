import Foundation
import Lockstep
import Testing

@testable import class LockstepTraining.MetricsFile

@Suite("Metrics file")
struct MetricsFileTests {
  private let temporary = TemporaryFolder()
  private var path: String { temporary.path + "/metrics.csv" }

  private static let header = "step,epoch,loss,accuracy,learning_rate,gradient_norm,seconds"

  private static func report(_ step: Int, loss: Float = 0.5, norm: Float = 2, seconds: Double = 0.25)
    -> StepReport
  {
    StepReport(
      step: step, epoch: 1, batch: step, batchCount: 9, imageCount: 4, loss: loss, accuracy: 0.75,
      learningRate: 0.05, gradientNorm: norm, seconds: seconds)
  }

  @Test("a file begins with its header")
  func header() throws {
    _ = try MetricsFile(path: path, keepingRowsThrough: 0)
    #expect(text(of: path) == Self.header + "\n")
  }

  @Test("rows are written as they are, once flushed")
  func rows() throws {
    let file = try MetricsFile(path: path, keepingRowsThrough: 0)
    try file.append(Self.report(1))
    try file.append(Self.report(2, loss: 1e-8, norm: .infinity))
    try file.flush()
    #expect(text(of: path) == Self.header + "\n1,1,0.5,0.75,0.05,2.0,0.25\n2,1,1e-08,0.75,0.05,inf,0.25\n")
    try file.flush()
    #expect(text(of: path).split(separator: "\n").count == 3, "flushing again adds nothing")
  }

  @Test("rows are written without a flush before they fill the memory")
  func buffer() throws {
    let file = try MetricsFile(path: path, keepingRowsThrough: 0)
    for step in 1...2000 { try file.append(Self.report(step)) }
    #expect(text(of: path).split(separator: "\n").count > 1000)
    try file.flush()
    #expect(text(of: path).split(separator: "\n").count == 2001)
  }

  @Test("numbers read back to the same bits")
  func bits() throws {
    let file = try MetricsFile(path: path, keepingRowsThrough: 0)
    var random = RandomStream(seed: 1, purpose: .shuffle, index: 0)
    let reports = (1...500).map { step in
      Self.report(
        step, loss: Float(bitPattern: UInt32(random.next(below: 0x7F80_0000))),
        norm: Float(bitPattern: UInt32(random.next(below: 0x7F80_0000))),
        seconds: Double(bitPattern: UInt64(random.next(below: 0x7FF0_0000)) << 32 | UInt64(step)))
    }
    for report in reports { try file.append(report) }
    try file.flush()
    for (row, report) in zip(text(of: path).split(separator: "\n").dropFirst(), reports) {
      let fields = row.split(separator: ",")
      #expect(Float(fields[2]) == report.loss)
      #expect(Float(fields[5]) == report.gradientNorm)
      #expect(Double(fields[6]) == report.seconds)
    }
  }

  @Test("going on drops the rows after the step, and what a crash left incomplete")
  func resume() throws {
    let rows = (1...12).map { "\($0),1,0.5,0.75,0.05,2.0,0.25" }
    // "2" may be the beginning of step 20, which the checkpoint does not know.
    try (([Self.header] + rows).joined(separator: "\n") + "\n2").write(
      toFile: path, atomically: true, encoding: .utf8)
    let file = try MetricsFile(path: path, keepingRowsThrough: 5)
    #expect(text(of: path) == ([Self.header] + rows.prefix(5)).joined(separator: "\n") + "\n")
    try file.append(Self.report(6))
    try file.flush()
    #expect(text(of: path).hasSuffix("\n5,1,0.5,0.75,0.05,2.0,0.25\n6,1,0.5,0.75,0.05,2.0,0.25\n"))
  }

  @Test("beginning anew drops what was there")
  func anew() throws {
    try "old\n".write(toFile: path, atomically: true, encoding: .utf8)
    _ = try MetricsFile(path: path, keepingRowsThrough: 0)
    #expect(text(of: path) == Self.header + "\n")
  }

  @Test("a file that can't be read or written is named")
  func failures() {
    let missing = #expect(throws: RunFolderError.self) { try MetricsFile(path: path, keepingRowsThrough: 3) }
    #expect(missing?.description == "\(path) can't be read: No such file or directory")
    let nowhere = #expect(throws: RunFolderError.self) {
      try MetricsFile(path: temporary.path + "/no/metrics.csv", keepingRowsThrough: 0)
    }
    #expect(
      nowhere?.description.hasSuffix("/no/metrics.csv can't be written: No such file or directory") == true)
  }
}
