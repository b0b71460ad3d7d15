import CLockstepLink
import LockstepBenchmark
import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What tells whether a process is translated: answers of the CPU or of what stands in for it, and of the system.
struct ProcessMarks {
  /// What the program was compiled for.
  var programArchitecture = Architecture.ofThisProgram
  /// CPUID leaf 0x40000000.
  var hypervisor = ""
  /// The CPU's name in CPUID.
  var brand = ""
  /// Arithmetic and answers that no real CPU gives.
  var oddities: [String] = []
  /// The lines of `/proc/cpuinfo`, which translators leave as the machine's.
  var cpuInformation = ProcFile(text: "")
  /// The program that the system says is running.
  var executable: String?
  /// What that program was compiled for: the translator where there is one, which is the machine's own code.
  var executableArchitecture: Architecture?
  /// Names of mapped files.
  var mappedFiles: [String] = []
  /// The kernel's own name for the machine, `/proc/sys/kernel/arch`, since Linux 6.1.
  var kernelArchitecture: Architecture?
  /// macOS: `sysctl.proc_translated`.
  var isDeclaredTranslated: Bool?

  init() {}

  /// Those of this process.
  static var current: ProcessMarks {
    var marks = ProcessMarks()
    marks.askCPU()
    #if canImport(Darwin)
      var (value, size) = (Int32(0), MemoryLayout<Int32>.size)
      if sysctlbyname("sysctl.proc_translated", &value, &size, nil, 0) == 0 {
        marks.isDeclaredTranslated = value == 1
      }
    #else
      marks.readSystem()
    #endif
    return marks
  }

  private mutating func askCPU() {
    var answers = lk_cpu_marks()
    lk_read_cpu_marks(&answers)
    hypervisor = Self.text(answers.hypervisor)
    brand = Self.text(answers.brand)
    if answers.valgrind_answers { oddities.append("Valgrind answers its client request") }
    if answers.reciprocals_are_exact { oddities.append("rcpss is exact, as on no CPU") }
    if answers.flush_to_zero_is_ignored { oddities.append("flush-to-zero is ignored") }
  }

  /// A name of which nothing is left but what can be printed.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      let text = bytes.prefix { $0 != 0 }
      return text.allSatisfy { 0x20..<0x7F ~= $0 } ? String(decoding: text, as: UTF8.self) : ""
    }
  }

  /// Translators answer `/proc/self` and `/proc/PID` themselves, and the path of a task not.
  mutating func readSystem(root: String = "", process: Int32 = getpid()) {
    let folder = "\(root)/proc/\(process)/task/\(process)"
    cpuInformation = ProcFile("\(root)/proc/cpuinfo")
    kernelArchitecture = ProcFile("\(root)/proc/sys/kernel/arch").firstLine.map { Architecture($0) }
    executable = PythonEnvironment.resolved("\(folder)/exe")
    executableArchitecture = try? BinaryImage(path: "\(folder)/exe")?.slices.first?.architecture
    mappedFiles = ProcFile("\(folder)/maps").lines.compactMap { line in
      line.firstIndex(of: "/").map { String(line[$0...]) }
    }
  }

  /// The machine's own architecture, as far as is known.
  var machineArchitecture: Architecture {
    if isDeclaredTranslated == true { return .arm64 }
    if let architecture = kernelArchitecture ?? executableArchitecture { return architecture }
    if cpuInformation.value(of: "CPU implementer") != nil { return .arm64 }
    if cpuInformation.value(of: "vendor_id") != nil { return .x86_64 }
    return programArchitecture
  }
}
