import LockstepData

/// The PNG files that arguments name: files as they are, folders for what is in them.
struct ImageList {
  /// A file, and the class it is of if the folder it was found in says so.
  struct File: Hashable {
    let path: String
    let label: String?
  }

  /// A folder in a folder … and so on; a link to a folder above would never end.
  private static let depthLimit = 16

  /// The files, those of a folder in byte order.
  private(set) var files: [File] = []
  private let classNames: Set<String>

  /// Finds the files.
  ///
  /// - Parameters:
  ///   - arguments: files and folders.
  ///   - classNames: the model's classes.
  ///   - fail: is told of a folder that can't be read or holds no PNG file.
  init(_ arguments: [String], classNames: [String], fail: (String) -> Void) {
    self.classNames = Set(classNames)
    for argument in arguments {
      do throws(FileError) {
        try add(argument)
      } catch {
        fail("\(argument): \(error)")
      }
    }
  }

  private mutating func add(_ argument: String) throws(FileError) {
    guard Folder.isFolder(argument) else {
      files.append(File(path: argument, label: nil))
      return
    }
    let before = files.count
    try addFolder(argument.count > 1 && argument.hasSuffix("/") ? String(argument.dropLast()) : argument)
    if files.count == before { throw FileError("there are no PNG files in this folder") }
  }

  private mutating func addFolder(_ path: String, depth: Int = 0) throws(FileError) {
    let folder = try Folder(listing: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let label = classNames.contains(name) ? name : nil
    for file in folder.files where file.lowercased().hasSuffix(".png") {
      files.append(File(path: "\(path)/\(file)", label: label))
    }
    guard depth < Self.depthLimit else { return }
    for inner in folder.folders { try addFolder("\(path)/\(inner)", depth: depth + 1) }
  }
}
