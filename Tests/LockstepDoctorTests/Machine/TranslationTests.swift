import LockstepBenchmark
import Testing

@testable import LockstepDoctor

@Suite("Whether a process is translated")
struct TranslationTests {
  /// An x86-64 program's marks.
  private static func marks(_ change: (inout ProcessMarks) -> Void) -> ProcessMarks {
    var marks = ProcessMarks()
    marks.programArchitecture = .x86_64
    change(&marks)
    return marks
  }

  private static let arm = ProcFile(text: "processor\t: 0\nCPU implementer\t: 0x61\nCPU part\t: 0x022")
  private static let intel = ProcFile(
    text: "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R)")

  /// What is seen under a translator, who it is, and the machine's architecture.
  private static let cases: [(ProcessMarks, String?, Translation.Certainty, Architecture)] = [
    // macOS says so.
    (marks { $0.isDeclaredTranslated = true }, "Rosetta 2", .certain, .arm64),
    // Rosetta in a Linux guest of a Mac.
    (
      marks {
        $0.brand = "VirtualApple @ 2.50GHz"
        $0.executable = "/media/rosetta/rosetta"
        $0.kernelArchitecture = .arm64
      }, "Rosetta 2", .certain, .arm64
    ),
    // Docker's older kernel does not say its architecture; its cpuinfo is Rosetta's.
    (
      marks {
        $0.cpuInformation = ProcFile(text: "vendor_id: VirtualApple\nmodel name\t: VirtualApple @ 2.50GHz")
      }, "Rosetta 2", .certain, .x86_64
    ),
    // qemu-x86_64 on an ARM machine.
    (
      marks {
        $0.hypervisor = "TCGTCGTCGTCG"
        $0.executable = "/usr/bin/qemu-x86_64-static"
        $0.executableArchitecture = .arm64
        $0.oddities = ["rcpss is exact, as on no CPU"]
        $0.cpuInformation = arm
      }, "QEMU", .certain, .arm64
    ),
    // box64 names itself in the CPU's name; the file is box64.
    (
      marks {
        $0.brand = "Box64 on Cortex-A76 @2400 MHz"
        $0.executable = "/usr/local/bin/box64"
        $0.executableArchitecture = .arm64
      }, "box64", .certain, .arm64
    ),
    (
      marks {
        $0.hypervisor = "FEXIFEXIEMU"
        $0.executable = "/usr/bin/FEXInterpreter"
        $0.kernelArchitecture = .arm64
      }, "FEX", .certain, .arm64
    ),
    // Valgrind's machine is the same.
    (
      marks {
        $0.executable = "/usr/libexec/valgrind/none-amd64-linux"
        $0.oddities = ["Valgrind answers its client request", "flush-to-zero is ignored"]
        $0.cpuInformation = intel
      }, "Valgrind", .certain, .x86_64
    ),
    // Somebody who does not say who.
    (marks { $0.cpuInformation = arm }, nil, .likely, .arm64),
    (marks { $0.oddities = ["rcpss is exact, as on no CPU"] }, nil, .likely, .x86_64),
    (marks { $0.kernelArchitecture = .arm64 }, nil, .likely, .arm64),
    // Nobody: a real CPU, and virtual machines, which set CPUID's bit as well.
    (marks { $0.cpuInformation = intel }, nil, .noSign, .x86_64),
    (
      marks {
        $0.hypervisor = "KVMKVMKVM"
        $0.cpuInformation = ProcFile(
          text: "vendor_id: GenuineIntel\nmodel name: QEMU Virtual CPU version 2.5+")
        $0.kernelArchitecture = .x86_64
        $0.executable = "/usr/bin/lockstep"
      }, nil, .noSign, .x86_64
    ),
    (marks { $0.isDeclaredTranslated = false }, nil, .noSign, .x86_64),
  ]

  @Test("each translator is known by its marks, and a virtual machine is none", arguments: cases.indices)
  func marks(index: Int) {
    let (marks, name, certainty, machine) = Self.cases[index]
    let translation = Translation(marks)
    #expect(translation.translator == name && translation.certainty == certainty)
    #expect(translation.machine == machine)
    #expect(translation.isTranslated == !translation.evidence.isEmpty)
  }

  @Test("a virtual machine's hypervisor has a name of its own")
  func hypervisor() {
    #expect(Translation(Self.marks { $0.hypervisor = "KVMKVMKVM" }).hypervisor == "KVM")
    #expect(Translation(Self.marks { $0.hypervisor = "TCGTCGTCGTCG" }).hypervisor == nil)
  }

  @Test("files of /proc are read by the path of a task, which translators don't answer")
  func files() {
    let root = CraftedFolder()
    root.write("CPU implementer\t: 0x41\n", to: "proc/cpuinfo")
    root.write("aarch64\n", to: "proc/sys/kernel/arch")
    root.write(BinaryBytes.elf(BinaryBytes.arm64), to: "usr/bin/qemu-x86_64")
    root.link("proc/7/task/7/exe", to: "\(root.path)/usr/bin/qemu-x86_64")
    root.write(
      "00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/qemu-x86_64\n0-1 rw-p 0 0 0 [heap]\n",
      to: "proc/7/task/7/maps")
    var marks = ProcessMarks()
    marks.readSystem(root: root.path, process: 7)
    #expect(marks.executable?.hasSuffix("/usr/bin/qemu-x86_64") == true)
    #expect(marks.executableArchitecture == .arm64 && marks.kernelArchitecture == .arm64)
    #expect(marks.mappedFiles == ["/usr/bin/qemu-x86_64"])
    #expect(marks.cpuInformation.value(of: "CPU implementer") == "0x41")
  }

  @Test("this process is not translated")
  func thisProcess() {
    let translation = Translation(.current)
    #expect(translation.certainty == .noSign, "\(translation.evidence)")
    #expect(translation.machine == .ofThisProgram)
  }
}
