/// A package with machine code, as it is reported.
public struct PythonPackage: Encodable, Sendable {
  /// How it gets on with the interpreter and the machine.
  public enum Verdict: String, Encodable, Sendable {
    /// Its code is the machine's own.
    case native
    /// Its code is the interpreter's, and a translator runs both.
    case translated
    /// Its code is the interpreter's, and nothing on the machine runs either.
    case foreign = "does not run"
    /// The interpreter can't load it.
    case notLoadable = "not loadable"
    /// Some of its files are for this machine, others are not.
    case mixed
    /// Files of it make no sense.
    case damaged
  }

  /// The name its installer knows.
  public var name: String
  /// The version; nil where it is not written down.
  public var version: String?
  /// The tags it was installed under: the wheel's, conda's.
  public var tags: [String]
  /// Who installed it, as it says.
  public var installer: String?
  /// Whether there is a list of its files.
  public var hasRecord: Bool
  /// Files with machine code.
  public var fileCount: Int
  /// How many of them are for an architecture; universal ones count for each.
  public var architectures: [String: Int]
  /// `ELF`, `Mach-O`.
  public var formats: [String]
  /// What multiplies matrices.
  public var linearAlgebra: [LinearAlgebraUse]
  /// What its code needs of the CPU beyond the architecture's first, as far as is known.
  public var needs: [String]
  /// Files that are malformed, and why.
  public var damage: [String]
  /// How it gets on here.
  public var verdict: Verdict

  /// Name and version.
  var title: String { version.map { "\(name) \($0)" } ?? name }
}

extension PythonPackage {
  /// - Parameter process: the architecture that the interpreter's process has.
  init(_ contents: PackageContents, process: Architecture, host: PythonHost) {
    let distribution = contents.distribution
    let images = contents.files.compactMap(\.image)
    name = distribution.name
    version = distribution.version
    tags = distribution.tags
    installer = distribution.installer
    hasRecord = distribution.files != nil
    fileCount = contents.files.count
    architectures = images.flatMap { Set($0.architectures) }.reduce(into: [:]) {
      $0[$1.name, default: 0] += 1
    }
    formats = Set(images.map(\.format.rawValue)).sorted()
    linearAlgebra = LinearAlgebra(contents).uses
    needs = InstructionNeeds(distribution, images).needs
    damage = contents.files.compactMap { file in file.problem.map { "\(file.path): \($0)" } }
    verdict = damage.isEmpty ? Self.verdict(contents.files, process: process, host: host) : .damaged
  }

  private static func verdict(_ files: [NativeFile], process: Architecture, host: PythonHost) -> Verdict {
    // Of the libraries that a universal wheel brings along, some are for one architecture and some for another.
    let modules = files.filter { !$0.isBroughtAlong }
    let images = (modules.isEmpty ? files : modules).compactMap(\.image)
    let format: BinaryImage.Format = host.system == .macOS ? .machO : .elf
    let fitting = images.filter { $0.format == format && $0.architectures.contains(process) }
    if fitting.isEmpty { return .notLoadable }
    if fitting.count < images.count { return .mixed }
    return process == host.architecture ? .native : host.translator == nil ? .foreign : .translated
  }
}

/// What a package's x86-64 code needs of the CPU that not every one has.
struct InstructionNeeds {
  private(set) var needs: [String] = []
  /// Whether it needs AVX.
  private(set) var needsAVX = false

  init(_ distribution: InstalledDistribution, _ images: [BinaryImage]) {
    let slices = images.flatMap(\.slices).filter { $0.architecture == .x86_64 }
    guard !slices.isEmpty else { return }
    if let reason = Self.reason(distribution) {
      needs.append(reason)
      needsAVX = true
    }
    for level in Set(slices.compactMap(\.neededLevel)).sorted() {
      needs.append("\(level), as its files say")
      needsAVX = needsAVX || level != "x86-64-v2"
    }
  }

  /// TensorFlow's release notes, 1.6.0: "Prebuilt binaries will use AVX instructions." jaxlib says so itself when it
  /// is imported without. Builds of others than the projects' own may differ: conda's are not spoken of.
  private static func reason(_ distribution: InstalledDistribution) -> String? {
    guard distribution.installer != "conda" else { return nil }
    switch distribution.normalizedName {
    case "tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tf-nightly":
      guard let version = distribution.version.map(Version.init), version >= Version("1.6") else {
        return nil
      }
      return "AVX, as TensorFlow's official x86-64 builds do since 1.6"
    case "jaxlib": return "AVX, as jaxlib's official x86-64 builds do"
    default: return nil
    }
  }
}

/// A version's numbers, by which it is compared.
struct Version: Comparable {
  private let numbers: [Int]

  init(_ text: String) {
    let release = text.prefix { $0 != "+" }
    numbers = release.split(separator: ".").map { Int($0.prefix { $0.isASCII && $0.isNumber }) ?? 0 }
  }

  static func < (first: Version, second: Version) -> Bool {
    for index in 0..<max(first.numbers.count, second.numbers.count) {
      let (one, other) = (first.number(index), second.number(index))
      if one != other { return one < other }
    }
    return false
  }

  static func == (first: Version, second: Version) -> Bool { !(first < second) && !(second < first) }

  private func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }
}
