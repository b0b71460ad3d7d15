import LockstepBackends
import Testing

@testable import LockstepDoctor

@Suite("Measuring OpenBLAS's kernels")
struct BLASMeasurementTests {
  /// A worker's rows: small products at a rate, large ones at another.
  private static func rows(_ core: String, _ small: Double, large: Double = 100) -> [WorkerProbes.Row] {
    [.init("BLAS core", core)]
      + ["64x3136x128", "128x128x128"].flatMap {
        [WorkerProbes.Row("blas \($0)", "\(small)"), .init("own \($0)", "1")]
      }
      + [.init("blas 768x768x768", "\(large)"), .init("own 768x768x768", "110")]
  }

  private struct NotHere: Error {}

  private static func measure(
    _ levels: [String] = ["x86-64-v2", "x86-64-v3", "x86-64-v4"],
    _ run: @escaping (String) throws -> [WorkerProbes.Row]
  ) -> BLASMeasurement {
    BLASMeasuring(inUse: "Cooperlake", architecture: "x86_64", isaLevels: levels, run: run).measure()
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

  @Test("without kernels of our own all products are OpenBLAS's")
  func noOwnKernels() {
    let measurement = Self.measure(["scalar", "x86-64-v2"]) { Self.rows($0.isEmpty ? "Cooperlake" : $0, 10) }
    #expect(measurement.shapesOfBLAS.contains("768x768x768"))
    #expect(measurement.kernels.dropFirst().map(\.name) == ["Core2", "Nehalem", "Sandybridge"])
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
    let rates = rows.dropFirst(2)
    #expect(rates.count == 10 && rates.allSatisfy { (Double($0.value) ?? 0) > 0.01 }, "\(rows)")
  }
}
