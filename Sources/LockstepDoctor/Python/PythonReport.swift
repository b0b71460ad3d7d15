/// What is in a Python environment, and what that means on a machine.
public struct PythonReport: Encodable, Sendable {
  /// The interpreter of an environment.
  public struct Interpreter: Encodable, Sendable {
    /// Its path in the environment.
    public var path: String
    /// The file behind all links.
    public var file: String
    /// What it is compiled for; empty where it can't be read.
    public var architectures: [Architecture]
  }

  /// The environment's folder.
  public var environment: String
  /// What kind of folder that is.
  public var kind: String
  /// The interpreter; nil where there is none near.
  public var interpreter: Interpreter?
  /// The folders that packages are installed in.
  public var packageFolders: [String]
  /// The machine that is spoken of.
  public var machine: PythonHost
  /// The architecture of a process of this environment there.
  public var process: Architecture
  /// Packages without machine code.
  public var purePackageCount: Int
  /// Packages with machine code, by name.
  public var packages: [PythonPackage]
  /// What is wrong, and what mends it, the worst first.
  public var findings: [Finding]

  /// Reads an environment. Nothing of it is executed.
  ///
  /// - Parameters:
  ///   - path: its folder, an interpreter, or a folder of packages.
  ///   - host: the machine that it is to run on; without one, this.
  /// - Throws: ``PythonError`` where there is no environment.
  public init(_ path: String, on host: PythonHost? = nil) throws(PythonError) {
    let environment = try PythonEnvironment(at: path)
    let machine = host ?? .current(MachineArchitecture.current)
    let program = environment.interpreter.map { NativeFile($0.file) } ?? nil
    self.environment = environment.folder
    kind = environment.kind.rawValue
    packageFolders = environment.packageFolders
    self.machine = machine
    interpreter = environment.interpreter.map { path, file in
      Interpreter(path: path, file: file, architectures: program?.image?.architectures ?? [])
    }
    let inventory = PackageInventory(environment)
    let process = Self.process(program?.image, inventory, machine)
    self.process = process
    let native = inventory.packages.filter { !$0.files.isEmpty }
    purePackageCount = inventory.packages.count - native.count
    packages = native.map { PythonPackage($0, process: process, host: machine) }
    findings = []
    findings = PythonDiagnosis(self, omissions: inventory.omissions).findings
  }

  /// The machine's own architecture where the interpreter has it, else the interpreter's first. Where there is no
  /// interpreter, what most files are for stands for it, unless enough are the machine's own.
  private static func process(
    _ interpreter: BinaryImage?, _ inventory: PackageInventory, _ host: PythonHost
  ) -> Architecture {
    if let interpreter {
      return interpreter.architectures.contains(host.architecture)
        ? host.architecture : interpreter.architectures.first ?? host.architecture
    }
    let images = inventory.packages.flatMap(\.files).compactMap(\.image)
    let counts = images.flatMap { Set($0.architectures) }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    if 2 * counts[host.architecture, default: 0] >= images.count { return host.architecture }
    return counts.max { ($0.value, $1.key.name) < ($1.value, $0.key.name) }?.key ?? host.architecture
  }

  /// Whether the interpreter's process needs a translator.
  var isTranslated: Bool { process != machine.architecture }
}
