import LockstepBenchmark
import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a Python environment keeps what matters here. Nothing of it is executed.
struct PythonEnvironment {
  /// What kind of folder it is.
  enum Kind: String, Encodable {
    /// Made by `venv` or `virtualenv`.
    case virtualEnvironment = "virtual environment"
    /// Made by conda or one of its relatives.
    case conda = "conda environment"
    /// An installation, such as `/usr` or pyenv's.
    case installation
    /// A folder of packages without an interpreter near it.
    case packages = "folder of packages"
  }

  let kind: Kind
  /// The environment's folder.
  let folder: String
  /// The interpreter by its name in the environment, and the file behind all links.
  let interpreter: (path: String, file: String)?
  /// Folders that packages are installed in, each once.
  let packageFolders: [String]
  /// The folder of the installation whose packages a virtual environment sees, too.
  let base: String?

  /// Finds out what a path is: an environment's folder, an interpreter, or a folder of packages.
  init(at path: String) throws(PythonError) {
    guard let real = Self.resolved(path) else { throw PythonError("\(path) can't be found") }
    guard Folder.isFolder(path) else {
      try Self.requireInterpreter(path, real)
      // A virtual environment's interpreter is a link: its folder is found before the link is followed.
      let near = Self.folder(of: Self.folder(of: path.contains("/") ? path : "./\(path)"))
      let far = Self.folder(of: Self.folder(of: real))
      let folder = [near, far].first { Self.isPrefix($0) } ?? far
      self.init(prefix: folder, interpreter: (path, real))
      guard !packageFolders.isEmpty else { throw PythonError("\(path) has no folder of packages near it") }
      return
    }
    if Self.isPrefix(path) {
      self.init(prefix: path, interpreter: nil)
    } else if Self.isPackageFolder(path) {
      self.init(packages: path)
    } else {
      throw PythonError(
        "\(path) is no Python environment: it has neither lib/python3.…/site-packages nor packages "
          + "(folders ending in .dist-info); give the folder that holds bin/python, the interpreter, or a "
          + "site-packages folder")
    }
  }

  private init(prefix: String, interpreter: (path: String, file: String)?) {
    folder = prefix
    let settings = ProcFile(text: Self.settings("\(prefix)/pyvenv.cfg") ?? "")
    let isVirtual = access("\(prefix)/pyvenv.cfg", F_OK) == 0
    kind =
      isVirtual
      ? .virtualEnvironment
      : Folder.isFolder("\(prefix)/conda-meta") ? .conda : .installation
    self.interpreter = interpreter ?? Self.interpreter(in: prefix)
    let seesBase = settings.value(of: "include-system-site-packages")?.lowercased() == "true"
    base = seesBase ? settings.value(of: "home").map { Self.folder(of: $0) } : nil
    packageFolders = Self.distinct(([prefix] + (base.map { [$0] } ?? [])).flatMap(Self.packageFolders))
  }

  private init(packages folder: String) {
    // PREFIX/lib/python3.9/site-packages
    let real = Self.resolved(folder) ?? folder
    let names = real.split(separator: "/").suffix(3)
    let hasPrefix =
      names.count == 3 && names.first!.hasPrefix("lib") && names.dropFirst().first!.hasPrefix("python")
    self.folder = folder
    interpreter =
      hasPrefix ? Self.interpreter(in: String(real.dropLast(names.joined(separator: "/").count + 1))) : nil
    kind = .packages
    packageFolders = [folder]
    base = nil
  }

  /// Whether a folder is one that `lib/python3.…` is in.
  private static func isPrefix(_ folder: String) -> Bool {
    access("\(folder)/pyvenv.cfg", F_OK) == 0 || !packageFolders(of: folder).isEmpty
  }

  private static func isPackageFolder(_ folder: String) -> Bool {
    let name = resolved(folder)?.split(separator: "/").last ?? ""
    if name == "site-packages" || name == "dist-packages" { return true }
    guard let contents = try? Folder(listing: folder) else { return false }
    return (contents.folders + contents.files).contains {
      $0.hasSuffix(".dist-info") || $0.hasSuffix(".egg-info")
    }
  }

  /// `lib` and `lib64`, each version of Python, and Debian's name beside everybody's.
  private static func packageFolders(of prefix: String) -> [String] {
    let folders = ["lib", "lib64"].flatMap { lib -> [String] in
      let versions =
        (try? Folder(listing: "\(prefix)/\(lib)"))?.folders.filter { $0.hasPrefix("python") } ?? []
      return versions.flatMap {
        ["\(prefix)/\(lib)/\($0)/site-packages", "\(prefix)/\(lib)/\($0)/dist-packages"]
      }
    }
    return distinct(folders.filter(Folder.isFolder))
  }

  private static func interpreter(in prefix: String) -> (path: String, file: String)? {
    var names = ["python3", "python"]
    let others = (try? Folder(listing: "\(prefix)/bin"))?.files ?? []
    names += others.filter { $0.hasPrefix("python3.") && $0.dropFirst(8).allSatisfy(\.isNumber) }
    for name in names {
      let path = "\(prefix)/bin/\(name)"
      if let file = resolved(path), !Folder.isFolder(file) { return (path, file) }
    }
    return nil
  }

  private static func requireInterpreter(_ path: String, _ file: String) throws(PythonError) {
    let beginning: [UInt8]
    do throws(FileError) {
      beginning = try FileReader.readPrefix(file, count: 2)
    } catch {
      throw PythonError("\(path) can't be read: \(error)")
    }
    guard beginning != Array("#!".utf8) else {
      throw PythonError(
        "\(path) is a script, not an interpreter; `python -c 'import sys; print(sys.prefix)'` prints the folder to give"
      )
    }
    do throws(BinaryError) {
      guard try BinaryImage(path: file) == nil else { return }
    } catch {
      throw PythonError("\(path) is no sound program: \(error)")
    }
    throw PythonError(
      "\(path) is no program: give an environment's folder, its interpreter, or its site-packages")
  }

  /// `pyvenv.cfg` has an equals sign where others have a colon.
  private static func settings(_ path: String) -> String? {
    guard let bytes = try? FileReader.read(path, limit: 1 << 16) else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: "=", maxSplits: 1).joined(separator: ":") }.joined(separator: "\n")
  }

  /// Each folder once, whatever links lead to it.
  private static func distinct(_ folders: [String]) -> [String] {
    var seen: Set<String> = []
    return folders.filter { seen.insert(resolved($0) ?? $0).inserted }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without links; nil where it leads nowhere.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}

/// Why an environment can't be examined, in one line.
public struct PythonError: Error, Hashable, CustomStringConvertible {
  /// The line.
  public let description: String

  init(_ description: String) { self.description = description }
}
