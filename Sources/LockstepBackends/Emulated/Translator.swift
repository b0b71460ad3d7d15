/// A program that runs machine code of another CPU, or makes believe to.
///
/// QEMU and Valgrind run on these machines and are tested; box64, FEX and Rosetta need an ARM host, and have
/// not been run.
public enum Translator: Hashable, Sendable {
  /// No translator: the control, whose code runs on the CPU itself at the profile's level.
  case none
  /// QEMU's user mode. Shows any CPU model; arithmetic is done in software, bit for bit as hardware does it.
  case qemu
  /// Valgrind without a tool. Translates x86 to x86; ignores flush-to-zero, and its x87 has 64 bits.
  case valgrind
  /// box64, on ARM hosts.
  case box64
  /// FEX-Emu, on ARM hosts.
  case fex
  /// Apple's Rosetta 2.
  case rosetta
  /// A program with arguments, to which the worker's path and arguments are added.
  case command([String])

  /// The translators that have a name.
  public static let named: [Translator] = [.none, .qemu, .valgrind, .box64, .fex, .rosetta]

  /// A translator by its name, or a path with arguments separated by blanks; nil for another word.
  public init?(_ text: String) {
    if let translator = Self.named.first(where: { $0.name == text }) {
      self = translator
      return
    }
    let words = text.split(separator: " ").map(String.init)
    guard let program = words.first, program.contains("/") else { return nil }
    self = .command(words)
  }

  /// The name on the command line.
  public var name: String {
    switch self {
    case .none: "none"
    case .qemu: "qemu"
    case .valgrind: "valgrind"
    case .box64: "box64"
    case .fex: "fex"
    case .rosetta: "rosetta"
    case .command(let words): words.joined(separator: " ")
    }
  }

  /// The command that installs it.
  public var installHint: String {
    switch self {
    case .none: "nothing is needed"
    case .qemu: "sudo apt-get install qemu-user"
    case .valgrind: "sudo apt-get install valgrind"
    case .box64: "sudo apt-get install box64 (on an ARM64 machine)"
    case .fex: "https://github.com/FEX-Emu/FEX says how (on an ARM64 machine)"
    case .rosetta: "softwareupdate --install-rosetta (it needs a Mac with an Apple chip)"
    case .command(let words): "check the path \(words[0])"
    }
  }

  /// The program for code of an architecture; nil if none is needed.
  package func program(architecture: String) -> String? {
    switch self {
    case .none: nil
    case .qemu: "qemu-\(architecture)"
    case .valgrind: "valgrind"
    case .box64: "box64"
    case .fex: "FEXInterpreter"
    case .rosetta: Self.rosettaCommand[0]
    case .command(let words): words[0]
    }
  }

  /// The program's arguments before the worker's path.
  ///
  /// - Parameter sysroot: where libraries of a foreign architecture lie.
  func arguments(for profile: CPUProfile, sysroot: String?) -> [String] {
    switch self {
    case .none, .box64, .fex: []
    case .qemu: ["-cpu", profile.qemuModel] + (sysroot.map { ["-L", $0] } ?? [])
    case .valgrind: ["--tool=none", "-q"]
    case .rosetta: Array(Self.rosettaCommand.dropFirst())
    case .command(let words): Array(words.dropFirst())
    }
  }

  /// How Rosetta is started. Linux has a program `arch`, too, which is something else; in Apple's virtual
  /// machines Rosetta has its own name.
  private static var rosettaCommand: [String] {
    #if os(macOS)
      ["arch", "-x86_64"]
    #else
      ["rosetta"]
    #endif
  }

  /// Whether the translator shows the profile's CPU, so that code must find the features by itself. Where it
  /// does not, the worker is told which to use.
  var showsProfile: Bool { self == .qemu }

  /// Whether the worker's debugging information must be kept from it. Valgrind 3.19 ends the program over
  /// what today's compilers write.
  var needsBareExecutable: Bool { self == .valgrind }

  /// Floating-point operations a second that even its slowest kernel does, for the watchdog.
  var slowestRate: Double {
    switch self {
    case .none: 5e8
    case .valgrind, .rosetta: 5e7
    case .qemu, .box64, .fex, .command: 1e7
    }
  }
}
