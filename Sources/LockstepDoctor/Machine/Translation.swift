import LockstepBenchmark

/// Whether a process is translated, by what, and how sure that is.
public struct Translation: Hashable, Sendable, Encodable {
  /// How sure it is.
  public enum Certainty: String, Hashable, Sendable, Encodable {
    /// A translator says its name, or the system does.
    case certain
    /// Something is as no real CPU has it, and who does that is not said.
    case likely
    /// Nothing was seen. A translator that hides would not be.
    case noSign = "no sign"
  }

  /// How sure it is.
  public var certainty: Certainty
  /// The translator; nil where there is none, or it does not say its name.
  public var translator: String?
  /// What was seen.
  public var evidence: [String]
  /// The machine's own architecture, as far as is known.
  public var machine: Architecture
  /// The hypervisor of a virtual machine, which translates nothing; nil without one.
  public var hypervisor: String?

  /// Whether there is a translator.
  public var isTranslated: Bool { certainty != .noSign }
}

extension Translation {
  /// What the CPU's hypervisor leaf says: QEMU's `target/i386/cpu.h`; FEX's `docs/CPUID.md`.
  private static let translatorSignatures = ["TCGTCGTCGTCG": "QEMU", "FEXIFEXIEMU": "FEX"]
  /// Virtual machines, for which CPUs run code themselves.
  private static let hypervisorSignatures = [
    "KVMKVMKVM": "KVM", "Microsoft Hv": "Hyper-V", "VMwareVMware": "VMware", "XenVMMXenVMM": "Xen",
    "VBoxVBoxVBox": "VirtualBox", "bhyve bhyve ": "bhyve", "VirtualApple": "Apple's Virtualization",
  ]
  /// How the CPU's name begins.
  private static let brands = ["VirtualApple": "Rosetta 2", "Box64 on": "box64", "QEMU ": "QEMU"]
  /// What the names of translators' files hold; valgrind's libraries have its name in their folder's.
  private static let files = [
    "qemu-": "QEMU", "valgrind": "Valgrind", "box64": "box64", "FEXInterpreter": "FEX", "/FEX": "FEX",
    "rosetta": "Rosetta 2",
  ]

  /// Judges what was seen.
  init(_ marks: ProcessMarks) {
    var (names, evidence): ([String], [String]) = ([], [])
    func note(_ name: String?, _ text: String) {
      if let name { names.append(name) }
      evidence.append(text)
    }
    if marks.isDeclaredTranslated == true { note("Rosetta 2", "sysctl.proc_translated is 1") }
    if let name = Self.translatorSignatures[marks.hypervisor] {
      note(name, "CPUID leaf 0x40000000 is '\(marks.hypervisor)'")
    }
    let cpuNames = [("CPUID calls the CPU", marks.brand)] + Self.cpuName(marks)
    for (who, cpu) in cpuNames {
      guard let name = Self.brands.first(where: { cpu.hasPrefix($0.key) })?.value else { continue }
      // A virtual machine of QEMU's has a CPU of that name, too.
      if name != "QEMU" { note(name, "\(who) '\(cpu)'") }
    }
    for (text, path) in Self.paths(marks) {
      if let name = Self.files.sorted(by: { $0.key < $1.key }).first(where: { path.contains($0.key) })?.value
      {
        note(name, "\(path.split(separator: "/").last ?? "") \(text)")
      }
    }
    if marks.oddities.contains(where: { $0.hasPrefix("Valgrind") }) { names.append("Valgrind") }
    evidence += marks.oddities
    if let real = Self.foreign(marks) {
      evidence.append("this program is \(marks.programArchitecture), \(real)")
    }
    self.evidence = evidence
    machine = marks.machineArchitecture
    translator = names.first
    certainty =
      !names.isEmpty || marks.isDeclaredTranslated == true ? .certain : evidence.isEmpty ? .noSign : .likely
    hypervisor = Self.hypervisorSignatures[marks.hypervisor]
  }

  private static func cpuName(_ marks: ProcessMarks) -> [(String, String)] {
    marks.cpuInformation.value(of: "model name").map { [("/proc/cpuinfo calls the CPU", $0)] } ?? []
  }

  /// The program that runs, and the first mapped file of a translator.
  private static func paths(_ marks: ProcessMarks) -> [(String, String)] {
    let mapped = marks.mappedFiles.first { path in
      path != marks.executable && files.keys.contains { path.contains($0) }
    }
    return (marks.executable.map { [("is the program that runs", $0)] } ?? [])
      + (mapped.map { [("is mapped", $0)] } ?? [])
  }

  /// Who says that the machine is of another architecture than the program.
  private static func foreign(_ marks: ProcessMarks) -> String? {
    let program = marks.programArchitecture
    if let kernel = marks.kernelArchitecture, kernel != program { return "the kernel says \(kernel)" }
    if let executable = marks.executableArchitecture, executable != program {
      return "the file that runs \(executable)"
    }
    let keys = program == .x86_64 ? ["CPU implementer"] : program == .arm64 ? ["vendor_id"] : []
    let isForeign = keys.contains { marks.cpuInformation.value(of: $0) != nil }
    return isForeign ? "/proc/cpuinfo describes a CPU of another architecture" : nil
  }
}
