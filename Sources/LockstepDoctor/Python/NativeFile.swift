import LockstepData

/// A file with machine code, or one that should be.
struct NativeFile {
  /// The path, with the folder of packages as it was given.
  let path: String
  /// What it is; nil where it is malformed or can't be read.
  let image: BinaryImage?
  /// Why there is no image.
  let problem: String?

  var name: Substring { path.split(separator: "/").last ?? "" }

  /// Whether it lies among the libraries that `auditwheel` or `delocate` put beside a package's own files.
  var isBroughtAlong: Bool {
    let folder = path.split(separator: "/").dropLast().last ?? ""
    return folder.hasSuffix(".libs") || folder.hasSuffix(".dylibs")
  }

  /// Reads a file's headers; nil where it is neither ELF nor Mach-O.
  init?(_ path: String) {
    self.path = path
    do throws(BinaryError) {
      guard let image = try BinaryImage(path: path) else { return nil }
      (self.image, problem) = (image, nil)
    } catch {
      (image, problem) = (nil, error.description)
    }
  }

  /// Whether a name is that of a library (`x.so`, `x.so.3`, `x.dylib`), or the file lies where programs do.
  static func isCandidate(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return false }
    if name.hasSuffix(".so") || name.hasSuffix(".dylib") || name.contains(".so.") { return true }
    return parts.dropLast().last == "bin" && !name.contains(".")
  }
}

/// Finds the files with machine code below a folder.
struct NativeFileSearch {
  /// A folder of packages with all of CUDA has some 60,000.
  private static let mostEntries = 1_000_000
  private static let deepest = 40

  private(set) var files: [NativeFile] = []
  /// Folders that can't be read, or that more is in than is looked at.
  private(set) var omissions: [String] = []
  private var entryCount = 0
  private var seen: Set<String> = []

  init(_ folders: [String]) {
    for folder in folders { visit(folder, depth: 0) }
  }

  private mutating func visit(_ folder: String, depth: Int) {
    // A link to a folder above would lead round and round.
    guard seen.insert(PythonEnvironment.resolved(folder) ?? folder).inserted else { return }
    guard depth < Self.deepest, entryCount < Self.mostEntries else {
      omissions.append("\(folder): there is more below it than is looked at")
      return
    }
    let contents: Folder
    do throws(FileError) {
      contents = try Folder(listing: folder, includingHidden: true)
    } catch {
      omissions.append("\(folder): \(error)")
      return
    }
    entryCount += contents.files.count + contents.folders.count
    for name in contents.files {
      let file = "\(folder)/\(name)"
      if NativeFile.isCandidate(file), let native = NativeFile(file) { files.append(native) }
    }
    for name in contents.folders where name != "__pycache__" {
      visit("\(folder)/\(name)", depth: depth + 1)
    }
  }
}
