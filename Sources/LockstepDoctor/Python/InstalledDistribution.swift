import LockstepBenchmark
import LockstepData
import LockstepTraining

/// What an installer left about a distribution: "Recording installed projects", packaging.python.org; conda's
/// `conda-meta`.
struct InstalledDistribution {
  private static let sizeLimit = 64 << 20

  var name: String
  var version: String?
  /// The tags of its wheel, such as `cp39-cp39-macosx_11_0_arm64`; conda's platform and build, such as
  /// `osx-arm64 py39h1234_0`.
  var tags: [String] = []
  /// Who installed it: `pip`, `conda`, as it says.
  var installer: String?
  /// The paths of its files, with the folder of packages as it was given; nil without a list.
  var files: Set<String>?
  /// Names of folders of its own at the top of the folder of packages, as far as is known.
  var topLevel: [String] = []

  /// Reads `NAME-VERSION.dist-info`, or `.egg-info`, which may be a file.
  init?(_ entry: String, in folder: String) {
    let path = "\(folder)/\(entry)"
    let isWheel = entry.hasSuffix(".dist-info")
    guard isWheel || entry.hasSuffix(".egg-info") else { return nil }
    let stem = entry.dropLast(isWheel ? 10 : 9)
    let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
    let texts = isWheel ? ["METADATA"] : ["PKG-INFO", ""]
    let metadata = texts.lazy.compactMap { Self.text($0.isEmpty ? path : "\(path)/\($0)") }.first
    let fields = metadata.map { ProcFile(text: $0) }
    name = Self.plain(fields?.value(of: "Name") ?? String(parts[0]))
    version = (fields?.value(of: "Version") ?? (parts.count > 1 ? String(parts[1]) : nil)).map(Self.plain)
    guard Folder.isFolder(path) else { return }
    tags = Self.text("\(path)/WHEEL").map { ProcFile(text: $0).values(of: "Tag") } ?? []
    installer = Self.text("\(path)/INSTALLER").flatMap { ProcFile(text: $0).firstLine }
    files = Self.text("\(path)/RECORD").map { Set(Self.record($0).map { "\(folder)/\($0)" }) }
    topLevel = Self.text("\(path)/top_level.txt")?.split(whereSeparator: \.isNewline).map(String.init) ?? []
  }

  /// A folder that nothing is known of but its name.
  init(unrecorded name: String) { self.name = name }

  /// Reads a record of conda's, whose files are by their paths in the environment.
  init?(condaRecord path: String, in environment: String) {
    struct Record: Decodable {
      var name: String
      var version: String?
      var build: String?
      var subdir: String?
      var files: [String]?
    }
    guard let bytes = try? FileReader.read(path, limit: Self.sizeLimit),
      let record = try? JSON.decode(Record.self, from: bytes)
    else { return nil }
    self.init(unrecorded: Self.plain(record.name))
    version = record.version.map(Self.plain)
    tags = [[record.subdir, record.build].compactMap(\.self).joined(separator: " ")].filter { !$0.isEmpty }
    installer = "conda"
    files = record.files.map { Set($0.map { "\(environment)/\($0)" }) }
  }

  /// Paths of a list of files: the first field of each line, in quotes if it has a comma.
  private static func record(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { line in
      guard line.first == "\"" else { return String(line.prefix { $0 != "," }) }
      return String(line.dropFirst().prefix { $0 != "\"" })
    }
  }

  /// What names and versions are made of (PEP 508, PEP 440): they are put into commands to be copied.
  private static func plain(_ text: String) -> String {
    text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) || "._-+!".contains($0) }
  }

  private static func text(_ path: String) -> String? {
    (try? FileReader.read(path, limit: sizeLimit)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The name as indexes compare it: PEP 503.
  var normalizedName: String { Self.normalized(name) }

  static func normalized(_ name: some StringProtocol) -> String {
    name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
  }
}
