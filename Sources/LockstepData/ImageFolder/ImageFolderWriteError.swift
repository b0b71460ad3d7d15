/// Why images can't be written as a folder: what is wrong, and what to do, in one line.
public enum ImageFolderWriteError: Error, Equatable, CustomStringConvertible {
  /// A name that can't be a folder's, or not one of its own.
  case invalidClassName(String)
  /// The folder is there already.
  case exists(String)
  /// The images can't be written.
  case unwritable(String, FileError)

  /// What is wrong, and what to do, in one line.
  public var description: String {
    switch self {
    case .invalidClassName(let name):
      "'\(name)' can't be a class: names are folders, each of its own, without a slash or a dot in front"
    case .exists(let path): "\(path) is there already: remove it, or name another folder"
    case .unwritable(let path, let error): "cannot write \(path): \(error)"
    }
  }
}
