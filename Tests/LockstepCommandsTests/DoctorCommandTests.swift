import Foundation
import Testing

@Suite("The doctor on the command line")
struct DoctorCommandTests {
  private static let isEmulationWanted =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || ProcessInfo.processInfo.environment["LOCKSTEP_SKIP_EMULATED"] != "1"

  private func record(_ outcome: Outcome) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  /// An environment with this test's own program as interpreter and as a package's library.
  private func makeEnvironment(in sandbox: Sandbox) throws {
    let program = try #require(
      FileManager.default.contents(atPath: "\(RunningProgram.folder)/lockstep-worker"))
    sandbox.write(Array("home = /usr/bin\n".utf8), to: "env/pyvenv.cfg")
    sandbox.write([UInt8](program), to: "env/bin/python3")
    let packages = "env/lib/python3.9/site-packages"
    sandbox.write([UInt8](program), to: "\(packages)/pkg/a.so")
    sandbox.write(Array("Name: pkg\nVersion: 1.0\n".utf8), to: "\(packages)/pkg-1.0.dist-info/METADATA")
    sandbox.write(Array("Tag: cp39-cp39-linux_x86_64\n".utf8), to: "\(packages)/pkg-1.0.dist-info/WHEEL")
    sandbox.write(Array("pkg/a.so,,\n".utf8), to: "\(packages)/pkg-1.0.dist-info/RECORD")
  }

  @Test("the machine is described, and every finding has its kind, in text and as JSON")
  func machine() throws {
    let sandbox = Sandbox(hasData: false)
    let text = try sandbox.run("lockstep", ["doctor", "--no-measure"])
    #expect(text.code == 0 && text.errors.isEmpty, "\(text.errors)")
    let lines = text.output.split(separator: "\n").map(String.init)
    for title in [
      "machine", "cores", "program", "translation", "kernels", "BLAS", "threads", "memory", "container",
    ] {
      #expect(lines.contains { $0.hasPrefix(title + " ") }, "\(title): \(text.output)")
    }
    #expect(lines.contains { $0.hasPrefix("ok       this program runs on the CPU itself") })
    #expect(lines.allSatisfy { $0.count <= 80 || $0.contains("$ ") || $0.contains("/") })

    let json = try record(try sandbox.run("lockstep", ["doctor", "--no-measure", "--json"]))
    #expect(json["format"] as? String == "lockstep-doctor")
    let machine = try #require(json["machine"] as? [String: Any])
    #expect((machine["translation"] as? [String: Any])?["certainty"] as? String == "no sign")
    #expect((machine["backends"] as? [[String: Any]])?.first?["name"] as? String == "native")
    #expect(machine["measurement"] == nil && json["python"] == nil)
    let findings = try #require(machine["findings"] as? [[String: Any]])
    #expect(
      findings.allSatisfy {
        ["good", "note", "warning", "problem"].contains($0["severity"] as? String ?? "")
      })
  }

  @Test("what keeps trainings from starting is a problem, with the command that mends it, and exit code 1")
  func problem() throws {
    let outcome = try Sandbox(hasData: false).run(
      "lockstep", ["doctor", "--no-measure"], environment: ["LOCKSTEP_ISA": "neon9"])
    #expect(outcome.code == 1 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("problem  LOCKSTEP_ISA asks for neon9, which this CPU does not run"))
    #expect(outcome.output.contains("         $ unset LOCKSTEP_ISA\n"))
  }

  @Test("a Python environment is examined for this machine and for another one")
  func python() throws {
    let sandbox = Sandbox(hasData: false)
    try makeEnvironment(in: sandbox)
    let here = try sandbox.run("lockstep", ["doctor", "--python", "env"])
    #expect(here.code == 0 && here.errors.isEmpty, "\(here.errors)")
    #expect(here.output.contains("pkg 1.0") && here.output.contains("nothing is wrong"))

    let other = try sandbox.run(
      "lockstep", ["doctor", "--python", "env", "--machine", "macos-arm64", "--json"])
    #expect(other.code == 1, "a Mac can't load ELF")
    let python = try #require(try record(other)["python"] as? [String: Any])
    let packages = try #require(python["packages"] as? [[String: Any]])
    #expect(packages.map { $0["name"] as? String } == ["pkg"])
    #expect(packages[0]["tags"] as? [String] == ["cp39-cp39-linux_x86_64"])
    #expect(packages[0]["verdict"] as? String == "not loadable")
    #expect((python["machine"] as? [String: Any])?["architecture"] as? String == "arm64")
  }

  @Test(
    "a command line or a path that makes no sense gets a line",
    arguments: [
      (["--machine", "linux-arm64"], 2, "--machine goes with --python"),
      (
        ["--python", ".", "--machine", "vax"], 2,
        "there is no machine 'vax'; there are linux-x86_64, linux-arm64, macos-x86_64, macos-arm64"
      ),
      (["--python", ".", "--no-measure"], 2, "--no-measure goes without --python, which measures nothing"),
      (["--python", "nowhere"], 1, "nowhere can't be found"),
      (
        ["--python", "model.yaml"], 1,
        "model.yaml is no program: give an environment's folder, its interpreter, or its site-packages"
      ),
    ] as [([String], Int32, String)])
  func usage(arguments: [String], code: Int32, message: String) throws {
    let outcome = try Sandbox(hasData: false).run("lockstep", ["doctor"] + arguments)
    #expect(outcome.code == code && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first == "error: \(message)")
    #expect(outcome.errors.split(separator: "\n").count == (code == 2 ? 2 : 1))
  }

  #if os(Linux) && arch(x86_64)
    @Test(
      "run under QEMU, the doctor names it", .enabled(if: isEmulationWanted),
      arguments: ["Haswell", "Westmere"])
    func qemu(cpu: String) throws {
      let outcome = try Sandbox(hasData: false).run(
        "/usr/bin/qemu-x86_64", ["-cpu", cpu, "\(RunningProgram.folder)/lockstep", "doctor", "--json"])
      #expect(outcome.code == 0)
      let machine = try #require(try record(outcome)["machine"] as? [String: Any])
      let translation = try #require(machine["translation"] as? [String: Any])
      #expect(
        translation["translator"] as? String == "QEMU" && translation["certainty"] as? String == "certain")
      #expect(translation["machine"] as? String == "x86_64")
      let evidence = try #require(translation["evidence"] as? [String])
      #expect(evidence.contains("CPUID leaf 0x40000000 is 'TCGTCGTCGTCG'"), "\(evidence)")
      #expect(evidence.contains("rcpss is exact, as on no CPU"), "\(evidence)")
      #expect(machine["measurement"] == nil, "a translated program measures nothing")
      let levels = try #require((machine["levels"] as? [String: Any])?["available"] as? [String])
      #expect(levels.last == (cpu == "Haswell" ? "x86-64-v3" : "x86-64-v2"))
    }
  #endif
}
