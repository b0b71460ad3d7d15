import CLockstepKernels
import LockstepBackends
import LockstepBenchmark
import LockstepCore
import LockstepReports
import LockstepTraining

/// What can be found out about this machine without computing anything.
struct MachineFacts {
  var program: MachineReport.Program
  var machine: MachineDescription
  var translation: Translation
  var topology: CPUTopology
  var usableProcessors: Int
  var limits: ControlGroups
  var memory: MemoryFacts
  var levels: MachineReport.Levels
  var askedBLASCore: String?
  var tools: [MachineReport.Tool]

  static var current: MachineFacts {
    let machine = MachineDescription.current
    return MachineFacts(
      program: MachineReport.Program(
        path: OwnExecutable.path, version: LockstepVersion.current, architecture: .ofThisProgram,
        isDebugBuild: Build.isDebug),
      machine: machine, translation: Translation(.current),
      topology: CPUTopology(processors: machine.processors),
      usableProcessors: Int(lk_available_processors()), limits: ControlGroups(), memory: MemoryFacts(),
      levels: MachineReport.Levels(
        available: NativeBackend.availableISALevels, asked: Environment["LOCKSTEP_ISA"]),
      askedBLASCore: Environment["OPENBLAS_CORETYPE"], tools: installedTools)
  }

  private static var installedTools: [MachineReport.Tool] {
    let host = BackendDescriptor.hostArchitecture
    let translators = Translator.named.filter { $0 != .none }.map { translator in
      tool(
        translator.name, path: translator.program(architecture: host).flatMap { ProgramSearch.find($0) },
        purpose: "translates for emulated backends")
    }
    return translators + [
      tool("rsvg-convert", path: try? PNGRenderer.program(), purpose: "makes PNG images of charts")
    ]
  }

  private static func tool(_ name: String, path: String?, purpose: String) -> MachineReport.Tool {
    MachineReport.Tool(
      name: name, path: path, version: path.flatMap(ProgramSearch.version), purpose: purpose)
  }
}
