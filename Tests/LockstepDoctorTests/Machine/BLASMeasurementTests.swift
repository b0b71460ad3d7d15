import LockstepBackends
import LockstepCore
import Testing

@testable import LockstepDoctor

@Suite("Measuring OpenBLAS's kernels")
struct BLASMeasurementTests {
  /// A worker's rows: small products, which are left to OpenBLAS, at a rate, large ones at another.
  private static func rows(_ core: String, _ small: Double, large: Double = 100) -> [WorkerProbes.Row] {
    [.init("BLAS core", core)]
      + ["64x3136x128", "128x128x128"].flatMap {
        [WorkerProbes.Row("blas \($0)", "\(small)"), .init("own \($0)", "1"), .init("left \($0)", "1")]
      }
      + [
        .init("blas 768x768x768", "\(large)"), .init("own 768x768x768", "110"),
        .init("left 768x768x768", "0"),
      ]
  }

  private struct NotHere: Error {}

  private static func measure(
    _ levels: [String] = ["x86-64-v2", "x86-64-v3", "x86-64-v4"],
    _ run: @escaping (String) throws -> [WorkerProbes.Row]
  ) -> BLASMeasurement {
    BLASMeasuring(inUse: "Cooperlake", architecture: "x86_64", isaLevels: levels) { core, _ in try run(core) }
      .measure()
  }

  @Test("a set that is quicker in every round is the quicker one, by the products that OpenBLAS computes")
  func quicker() throws {
    let measurement = Self.measure { core in
      Self.rows(
        core.isEmpty ? "Cooperlake" : core, core == "Haswell" ? 108 : 100, large: core == "Haswell" ? 1 : 100)
    }
    #expect(measurement.quicker?.name == "Haswell" && measurement.ownChoice == "Cooperlake")
    #expect(abs((measurement.quicker?.ratio ?? 0) - 1.08) < 1e-12)
    #expect(measurement.shapesOfBLAS == ["128x128x128", "64x3136x128"])
    #expect(
      measurement.kernels.map(\.name) == ["Cooperlake", "Haswell", "Zen", "SkylakeX", "SapphireRapids"])
  }

  @Test("a set that is quicker in two of three rounds, or by 2 %, is not called so")
  func noise() {
    var calls = 0
    let changing = Self.measure { core in
      if core == "Haswell" { calls += 1 }
      return Self.rows(core.isEmpty ? "Cooperlake" : core, core == "Haswell" ? (calls == 2 ? 99 : 120) : 100)
    }
    #expect(changing.quicker == nil)
    #expect(
      Self.measure { Self.rows($0.isEmpty ? "Cooperlake" : $0, $0 == "Zen" ? 102 : 100) }.quicker == nil)
  }

  @Test("an older CPU is offered older kernels")
  func olderCPU() {
    let measurement = Self.measure(["scalar", "x86-64-v2"]) { Self.rows($0.isEmpty ? "Cooperlake" : $0, 10) }
    #expect(measurement.kernels.dropFirst().map(\.name) == ["Core2", "Nehalem", "Sandybridge"])
  }

  /// Measures another OpenBLAS beside the one in use.
  private static func measureOther(
    _ run: @escaping () throws -> [WorkerProbes.Row]
  ) throws -> BLASMeasurement.Other {
    let measuring = BLASMeasuring(
      inUse: "Cooperlake", library: "./libother.so", architecture: "x86_64", isaLevels: []
    ) { core, library in
      guard library == nil else {
        #expect(library == "./libother.so" && core.isEmpty)
        return try run()
      }
      return Self.rows(core.isEmpty ? "Cooperlake" : core, 100)
    }
    return try #require(measuring.measure().other)
  }

  @Test("another OpenBLAS is held against the one in use, where products are left to it")
  func other() throws {
    let other = try Self.measureOther {
      [.init("BLAS library", "OpenBLAS 0.3.99  NO_AFFINITY")] + Self.rows("Zen", 120, large: 10)
    }
    #expect(other.name == "OpenBLAS 0.3.99" && other.kernels.name == "Zen")
    #expect(abs((other.kernels.ratio ?? 0) - 1.2) < 1e-12 && other.kernels.problem == nil)
  }

  @Test("what is no OpenBLAS has the loader's reason")
  func noOther() throws {
    let other = try Self.measureOther {
      throw BackendError.workerFailedToStart(lastLines: ["a warning", "./libother.so: invalid ELF header"])
    }
    #expect(other.name == "./libother.so" && other.kernels.ratio == nil)
    #expect(other.kernels.problem == "./libother.so: invalid ELF header")
  }

  @Test("a set that is not in this OpenBLAS, or that the CPU can't run, has a reason and no ratio")
  func missing() {
    let measurement = Self.measure { core in
      if core == "SkylakeX" { throw NotHere() }
      return Self.rows(core == "SapphireRapids" || core.isEmpty ? "Cooperlake" : core, 100)
    }
    let problems = measurement.kernels.map(\.problem)
    #expect(problems == [nil, nil, nil, "NotHere()", "this OpenBLAS takes Cooperlake instead"])
    #expect(measurement.kernels.suffix(2).allSatisfy { $0.ratio == nil })
  }

  @Test("a worker measures products by OpenBLAS and by our kernels")
  func worker() throws {
    let level = try #require(NativeBackend.availableISALevels.last)
    let rows = try WorkerProbes.products(milliseconds: 10).run(
      under: .none, profile: .kernels(core: "", isaLevel: level), blasCore: "", within: 30)
    #expect(rows.prefix(2).map(\.name) == ["BLAS core", "BLAS library"])
    let rates = rows.filter { $0.name.hasPrefix("blas") || $0.name.hasPrefix("own") }
    #expect(rates.count == 14 && rates.allSatisfy { (Double($0.value) ?? 0) > 0.01 }, "\(rows)")
    let left = rows.filter { $0.name.hasPrefix("left ") && $0.value == "1" }.map(\.name)
    #expect(left.contains("left 64x128x10"), "few multiplications, and no whole number of vectors")
    #expect(left.contains("left 768x768x768") == !NativeBackend.availableISALevels.contains("x86-64-v3"))
  }

  @Test("a worker loads another OpenBLAS, and says why it can't", .enabled(if: isLinux, "by Linux's names"))
  func otherWorker() throws {
    func run(_ library: String) throws -> [WorkerProbes.Row] {
      try WorkerProbes.products(milliseconds: 10, library: library).run(
        under: .none, profile: .kernels(core: "", isaLevel: "scalar"), blasCore: "", within: 30)
    }
    // The one that this is linked with, taken for another.
    let rows = try run("libopenblas.so.0")
    #expect(rows.first { $0.name == "BLAS library" }?.value.hasPrefix("OpenBLAS ") == true)
    #expect(rows.filter { $0.name.hasPrefix("blas ") && (Double($0.value) ?? 0) > 0.01 }.count == 7)
    for (library, reason) in [("libm.so.6", "is no OpenBLAS"), ("/etc/passwd", "invalid ELF header")] {
      let error = #expect(throws: BackendError.self) { try run(library) }
      guard case .workerFailedToStart(let lines) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(lines.last?.contains(reason) == true, "\(lines)")
    }
  }
}

#if os(Linux)
  private let isLinux = true
#else
  private let isLinux = false
#endif
