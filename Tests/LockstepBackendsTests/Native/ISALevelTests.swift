import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Instruction-set levels")
struct ISALevelTests {
  @Test("there is a level without vectors, and one for the architecture")
  func levels() {
    #expect(NativeBackend.availableISALevels.first == "scalar")
    #expect(NativeBackend.availableISALevels.count >= 2)
  }

  @Test("the best is taken, and described")
  func best() throws {
    let descriptor = try NativeBackend(isaLevel: NativeBackend.availableISALevels.last).descriptor
    #expect(descriptor.isaLevel == NativeBackend.availableISALevels.last)
    #expect(descriptor.name == "native")
    #expect(descriptor.translator == "none")
    #expect(!descriptor.blasCore.isEmpty)
    #expect(descriptor.blasLibrary.contains("OpenBLAS"))
  }

  @Test("a level that is not there is an error that names those that are", arguments: ["x86-64-v9", ""])
  func unknown(_ name: String) {
    let expected = NativeBackendError.isaLevelUnavailable(name, available: NativeBackend.availableISALevels)
    #expect(throws: expected) { try NativeBackend(isaLevel: name) }
    #expect("\(expected)".contains("it has scalar, "))
  }

  @Test("LOCKSTEP_ISA forces a level")
  func forced() async {
    await #expect(processExitsWith: .success) {
      setenv("LOCKSTEP_ISA", "scalar", 1)
      let backend = try NativeBackend()
      #expect(backend.descriptor.isaLevel == "scalar")
    }
  }

  @Test("a wrong LOCKSTEP_ISA is an error and no fallback")
  func forcedWrongly() async {
    await #expect(processExitsWith: .success) {
      setenv("LOCKSTEP_ISA", "fastest", 1)
      #expect(throws: NativeBackendError.self) { try NativeBackend() }
    }
  }

  @Test("a sum's bits differ between levels, since their lanes do; each is close to the exact one")
  func sums() throws {
    let values = ConformanceCase(
      "long", .reduce(.sum, axes: [0]), [CaseInput([1_000_003], .float32, .uniform(0...1))], .equal)
    let inputs = values.makeInputs()
    let exact = inputs[0].reals.reduce(0, +)
    for level in NativeBackend.availableISALevels {
      let output = try NativeBackend(isaLevel: level).outputs(of: values.operation, inputs)[0]
      let sum = output.withUnsafeBytes { Double($0.load(as: Float.self)) }
      // A chain of a million additions is off by 1e-5; blocks of a thousand and a tree over them are not.
      #expect(abs(sum - exact) < 2e-6 * exact, "\(level): \(sum), exactly \(exact)")
    }
  }
}
