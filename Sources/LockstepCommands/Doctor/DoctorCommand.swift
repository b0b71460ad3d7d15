public import ArgumentParser
import LockstepDoctor
import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `lockstep doctor`.
public struct DoctorCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what this machine, or a Python environment, is, and how to mend it.",
    discussion: """
      Without options: this program and the machine, whether it is translated and by what, its CPU, limits of its \
      container, what computes here, and whether OpenBLAS's kernels are the best for it, which is measured for \
      some seconds.

      With --python: for every package with machine code what that was compiled for, the tag it was installed \
      under, the BLAS it carries, and whether it runs translated. Files are read; nothing of the environment is \
      executed.

        lockstep doctor --openblas /opt/libopenblas.so
        lockstep doctor --python .venv
        lockstep doctor --python /opt/conda/envs/tf --machine macos-arm64

      Exit code: 0 nothing is broken, 1 something is, or the path is no environment, 2 a command line that makes \
      no sense. docs/doctor.md explains the findings.
      """)

  @Option(
    help: ArgumentHelp(
      "Examine a Python environment: its folder, its interpreter, or a folder of packages.", valueName: "path"
    ), completion: .file())
  var python: String?

  @Option(
    help: ArgumentHelp(
      "With --python: the machine it is to run on: linux-x86_64, linux-arm64, macos-x86_64, macos-arm64. (default: this one)",
      valueName: "name"),
    completion: .list(["linux-x86_64", "linux-arm64", "macos-x86_64", "macos-arm64"]))
  var machine: String?

  @Flag(help: "Do not measure OpenBLAS's kernels.")
  var noMeasure = false

  @Option(
    name: .customLong("openblas"),
    help: ArgumentHelp(
      "Measure another OpenBLAS beside the one in use: the file of a shared library, which is loaded.",
      valueName: "file"), completion: .file())
  var openBLAS: String?

  @Flag(help: "Print what was found as JSON on standard output and nothing else there.")
  var json = false

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let host = try host()
    if let python {
      if noMeasure { throw UsageError("--no-measure goes without --python, which measures nothing") }
      if openBLAS != nil { throw UsageError("--openblas goes without --python, which measures nothing") }
      return try examine(python, on: host)
    }
    if machine != nil { throw UsageError("--machine goes with --python") }
    if openBLAS != nil, noMeasure { throw UsageError("--openblas goes without --no-measure") }
    let report = MachineExamination(measures: !noMeasure, openBLAS: try openBLAS.map(library)).run()
    try print(DoctorRecord(machine: report), findings: report.findings) { DoctorText($0).text(of: report) }
    if let openBLAS, report.measurement == nil {
      throw CommandFailure(
        "\(openBLAS) was not measured: this program is translated, or nothing native starts")
    }
  }

  private func examine(_ path: String, on host: PythonHost?) throws {
    let report = try PythonReport(path, on: host)
    try print(DoctorRecord(python: report), findings: report.findings) { DoctorText($0).text(of: report) }
  }

  /// The path of a library that is there: a bare name would be looked for elsewhere.
  private func library(_ path: String) throws -> String {
    guard access(path, R_OK) == 0 else {
      throw CommandFailure("\(path): no such file, or not readable; --openblas takes a shared library")
    }
    return path.contains("/") ? path : "./\(path)"
  }

  private func host() throws -> PythonHost? {
    try machine.map { name in
      guard let host = PythonHost.named.first(where: { $0.name == name })?.host else {
        let known = PythonHost.named.map(\.name).joined(separator: ", ")
        throw UsageError("there is no machine '\(name)'; there are \(known)")
      }
      return host
    }
  }

  private func print(_ record: DoctorRecord, findings: [Finding], text: (Terminal) -> String) throws {
    let terminal = Terminal.standardOutput
    try terminal.writeResult(json ? JSON.encode(record) : text(terminal))
    if findings.contains(where: { $0.severity == .problem }) { throw ExitCode(1) }
  }
}

/// What `--json` prints. Names and meanings stay within a version; fields may be added.
struct DoctorRecord: Encodable {
  let format = "lockstep-doctor"
  let formatVersion = 1
  var machine: MachineReport?
  var python: PythonReport?
}
