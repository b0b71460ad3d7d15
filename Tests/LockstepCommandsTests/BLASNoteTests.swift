import LockstepBackends
import LockstepCore
import Testing

@testable import LockstepCommands

@Suite("A note on OpenBLAS's kernels")
struct BLASNoteTests {
  private static func note(
    _ core: String, _ isaLevel: String, profile: String? = nil, asked: String? = nil
  ) -> String? {
    let backend = BackendDescriptor(
      name: "native", architecture: "x86_64", blasCore: core, isaLevel: isaLevel, threads: 1,
      cpuProfile: profile)
    return BLASNote(backend, askedCore: asked).text
  }

  @Test("kernels without AVX on a CPU that has AVX2", arguments: ["Prescott", "Nehalem"])
  func outdated(core: String) throws {
    for isaLevel in ["x86-64-v3", "x86-64-v4"] {
      let note = try #require(Self.note(core, isaLevel))
      #expect(note.hasPrefix("OpenBLAS takes this CPU for a \(core); "))
    }
  }

  @Test("nothing where the choice suits the CPU, is the user's, or a profile's")
  func sensible() {
    #expect(Self.note("Haswell", "x86-64-v4") == nil)
    #expect(Self.note("SkylakeX", "x86-64-v4") == nil)
    #expect(Self.note("Nehalem", "x86-64-v2") == nil)
    #expect(Self.note("NEOVERSEN1", "neon") == nil)
    #expect(Self.note("Prescott", "x86-64-v4", asked: "Prescott") == nil)
    #expect(Self.note("Nehalem", "x86-64-v3", profile: "rosetta2-launch") == nil)
  }
}
