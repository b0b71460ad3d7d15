@testable import LockstepBackends
import LockstepCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Starting a worker")
struct WorkerLaunchTests {
  private let worker = WorkerLocation(path: "/w/lockstep-worker")

  @Test("under QEMU the CPU is shown, and nothing chooses kernels by name")
  func qemu() throws {
    let launch = try WorkerLaunch(worker, translator: .qemu, profile: .rosetta2Launch, threads: 3)
    #expect(launch.program.hasSuffix("/qemu-x86_64"))
    #expect(
      launch.arguments.dropFirst() == [
        "-cpu", "Westmere", "/w/lockstep-worker", "--control", "3", "--data", "4", "--socket", "5",
        "--threads", "3",
      ])
    #expect(!launch.environment.contains { $0.hasPrefix("OPENBLAS_CORETYPE") || $0.hasPrefix("GLIBC") })
  }

  @Test("the control is held to the profile's level, core and C library variants")
  func control() throws {
    let launch = try WorkerLaunch(worker, translator: .none, profile: .rosetta2Launch, threads: 1)
    #expect(launch.program == "/w/lockstep-worker")
    #expect(launch.arguments.suffix(2) == ["--isa", "x86-64-v2"])
    #expect(launch.environment.contains("OPENBLAS_CORETYPE=Nehalem"))
    #expect(launch.environment.contains("GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4,-AVX"))
  }

  @Test("variables of the host that choose kernels and libraries stay outside")
  func environment() async {
    await #expect(processExitsWith: .success) {
      let foreign = [
        "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "LOCKSTEP_ISA", "GLIBC_TUNABLES", "LD_PRELOAD",
        "LD_LIBRARY_PATH", "QEMU_CPU",
      ]
      for name in foreign { setenv(name, "99", 1) }
      for translator in [Translator.none, .qemu, .valgrind] {
        let launch = try WorkerLaunch(
          WorkerLocation(path: "/w/x"), translator: translator, profile: .rosetta2Launch, threads: 1)
        #expect(!launch.environment.contains { $0.hasSuffix("=99") })
      }
      // Nor does a level that this process is forced to change what the worker is.
      let backend = try EmulatedBackend(translator: .none, threads: 1)
      #expect(backend.descriptor.isaLevel == "x86-64-v2" && backend.descriptor.blasCore == "Nehalem")
    }
  }

  @Test("translators are known by name, or as a path with arguments")
  func names() {
    #expect(Translator("qemu") == .qemu)
    #expect(
      Translator("/opt/qemu/bin/qemu-x86_64 -cpu max")
        == .command(["/opt/qemu/bin/qemu-x86_64", "-cpu", "max"]))
    #expect(Translator("emu") == nil)
    #expect(Translator("") == nil)
    for translator in Translator.named { #expect(Translator(translator.name) == translator) }
    for profile in CPUProfile.all { #expect(CPUProfile(named: profile.name) == profile) }
    #expect(CPUProfile(named: "max") == nil)
  }

  @Test(
    "versions are found in what programs print",
    arguments: [
      ("qemu-x86_64 version 7.2.22 (Debian 1:7.2+dfsg-7)", "7.2.22"), ("valgrind-3.19.0", "3.19.0"),
      ("Box64 with Dynarec v0.3.4 built on", "0.3.4"), ("FEX-2405", nil), ("", nil),
    ])
  func versions(_ line: String, _ version: String?) {
    #expect(ProgramSearch.version(in: line) == version)
  }

  @Test("descriptors name the translator, its version and what it shows")
  func descriptor() throws {
    let control = try EmulatedBackend(translator: .none, threads: 1).descriptor
    #expect(control.name == "control-x86" && control.translator == "none")
    #expect(control.evidence == "no sign of a translator in CPUID, arithmetic, /proc or sysctl")
    let emulated = try EmulatedBackend(translator: .qemu, threads: 1).descriptor
    #expect(emulated.name == "emulated-x86" && emulated.cpuProfile == "rosetta2-launch")
    #expect(emulated.translator.hasPrefix("qemu-x86_64 ") && emulated.translator.hasSuffix(" -cpu Westmere"))
    #expect(emulated.evidence?.contains("TCGTCGTCGTCG") == true)
  }

  @Test("every profile's promise holds under QEMU", arguments: [CPUProfile.rosetta2Launch, .core2, .avx2])
  func profiles(_ profile: CPUProfile) throws {
    let descriptor = try EmulatedBackend(translator: .qemu, profile: profile, threads: 1).descriptor
    #expect(descriptor.isaLevel == profile.isaLevel && descriptor.blasCore == profile.blasCore)
  }

  @Test("the end of what was printed is kept, line by line")
  func lastLines() {
    var lines = LastLines()
    lines.append("\n  \none\ntw".utf8)
    lines.append("o\n\u{1B}[1mthree".utf8)
    #expect(lines.lines == ["one", "two", " [1mthree"])
    for number in 0..<50 { lines.append("\nline \(number)".utf8) }
    #expect(lines.lines.count == 21 && lines.lines.last == "line 49")
    lines.append(String(repeating: "x", count: 10_000).utf8)
    #expect(lines.lines.last?.utf8.count == 500)
  }
}
