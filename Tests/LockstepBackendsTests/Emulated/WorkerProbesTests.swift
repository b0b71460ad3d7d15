@testable import LockstepBackends
import LockstepCore
import Testing

@Suite("Probes of a worker")
struct WorkerProbesTests {
  @Test("rows are read in their order, whatever a translator printed before them")
  func rows() {
    let lines = ["qemu: warning: TCG lacks \"AVX\"", "{", #"  "b": "1 ULP","#, #"  "a": "x, y""#, "}"]
    #expect(WorkerProbes.rows(in: lines) == [.init("b", "1 ULP"), .init("a", "x, y")])
  }

  @Test(
    "what is no object of texts has no rows",
    arguments: [
      [], ["{"], ["{", "}"], ["{", #"  "a": 1"#, "}"], ["{", #"  "a" "1""#, "}"], ["{", #"  a: "1""#, "}"],
      ["{", #"  "a": "1"#, "}"], ["a: 1"],
    ])
  func malformed(_ lines: [String]) {
    #expect(WorkerProbes.rows(in: lines).isEmpty)
  }

  @Test("an output that was cut short has no rows: half a result would pass for a whole one")
  func cut() {
    #expect(WorkerProbes.rows(in: ["{", #"  "a": "1","#]).isEmpty)
  }

  @Test("a translator that is missing is an error with the way to install it")
  func missing() {
    #expect(throws: BackendError.translatorNotFound(name: "box64", install: Translator.box64.installHint)) {
      try WorkerProbes.instructions.run(under: .box64, profile: .rosetta2Launch, within: 10)
    }
  }

  @Test("a worker that takes too long is ended, and the error says so")
  func late() {
    let error = #expect(throws: BackendError.self) {
      try WorkerProbes.norms(longest: 100_000_000).run(
        under: .none, profile: .rosetta2Launch, within: 0.05)
    }
    #expect(error == .workerFailedToStart(lastLines: ["no result within 0.05 s"]))
  }

  @Test("vectors that are too short for an error to show are refused")
  func short() {
    let error = #expect(throws: BackendError.self) {
      try WorkerProbes.norms(longest: 10).run(under: .none, profile: .rosetta2Launch, within: 10)
    }
    #expect(
      error == .workerFailedToStart(lastLines: ["norms of 10 numbers: at least 1000, and memory for them"]))
  }
}

@Suite("Probes under translators", .enabled(if: TranslatedTests.areWanted))
struct TranslatedProbeTests {
  private func run(_ probes: WorkerProbes, _ translator: Translator) throws -> [String: String] {
    let rows = try probes.run(under: translator, profile: .rosetta2Launch, within: 60)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.value) })
  }

  @Test("AVX ends a program with SIGILL under QEMU's Westmere, and not without it")
  func illegal() throws {
    #expect(try run(.illegalInstructions, .qemu)["AVX instruction"] == "SIGILL")
    #expect(try run(.illegalInstructions, .none)["AVX instruction"] == "executed")
  }

  @Test("dnrm2 is exact where the x87 has 64 bits; under Valgrind it loses digits and overflows")
  func norms() throws {
    let control = try run(.norms(longest: 100_000), .none)
    #expect(control["BLAS core"] == "Nehalem" && control["dnrm2 of numbers of 1e200"] == "finite")
    let valgrind = try run(.norms(longest: 100_000), .valgrind)
    #expect(valgrind["dnrm2 of numbers of 1e200"] == "infinite")
    let error = { (rows: [String: String]) in
      Int(rows["dnrm2 of 100000"]?.split(separator: " ").first ?? "")
    }
    #expect(try #require(error(control)) <= 1)
    #expect(try #require(error(valgrind)) > 1)
  }
}
