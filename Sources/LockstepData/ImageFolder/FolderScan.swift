/// The files of an image folder, before any is opened.
struct FolderScan {
  struct File: Sendable {
    let path: String
    let label: Int
  }

  let classNames: [String]
  let train: [File]
  let test: [File]
  /// Entries of class folders that are not PNG files by name; hidden ones do not count.
  let ignoredCount: Int

  /// Share of a class that becomes test images when there is no test folder and no wish.
  static let defaultValidationSplit = 0.2

  init(root path: String, validationSplit: Double?, seed: UInt64) throws(DatasetError) {
    let root = Self.withoutTrailingSlashes(path)
    guard Folder.isFolder(root) else { throw .folderNotFound(root) }
    if let validationSplit, !(validationSplit > 0 && validationSplit < 1) {
      throw .invalidValidationSplit(validationSplit)
    }
    if try Self.hasSplitFolders(root) {
      guard validationSplit == nil else { throw .validationSplitNotApplicable(root: root) }
      try self.init(train: ClassFolders(root + "/train"), test: ClassFolders(root + "/test"), root: root)
    } else {
      let fraction = validationSplit ?? Self.defaultValidationSplit
      try self.init(splitting: ClassFolders(root), fraction: fraction, seed: seed)
    }
  }

  private init(train: ClassFolders, test: ClassFolders, root: String) throws(DatasetError) {
    let trainNames = train.classes.map(\.name)
    let testNames = test.classes.map(\.name)
    guard trainNames == testNames else {
      throw .classesDiffer(
        root: root, onlyInTrain: trainNames.filter { !testNames.contains($0) },
        onlyInTest: testNames.filter { !trainNames.contains($0) })
    }
    classNames = trainNames
    self.train = train.files
    self.test = test.files
    ignoredCount = train.ignoredCount + test.ignoredCount
  }

  private init(splitting folders: ClassFolders, fraction: Double, seed: UInt64) throws(DatasetError) {
    var train: [File] = []
    var test: [File] = []
    for (label, folder) in folders.classes.enumerated() {
      guard folder.files.count > 1 else { throw .classTooSmall(folder: folder.path) }
      let chosen = StratifiedSplit.testIndices(
        count: folder.files.count, fraction: fraction, seed: seed, className: folder.name)
      for (index, file) in folder.files.enumerated() {
        if chosen.contains(index) {
          test.append(File(path: file, label: label))
        } else {
          train.append(File(path: file, label: label))
        }
      }
    }
    classNames = folders.classes.map(\.name)
    self.train = train
    self.test = test
    ignoredCount = folders.ignoredCount
  }

  /// Whether the root holds `train` and `test`; one without the other is an error. A folder with images
  /// and no folders is a class that happens to be called that.
  private static func hasSplitFolders(_ root: String) throws(DatasetError) -> Bool {
    func isSplit(_ split: Split) throws(DatasetError) -> Bool {
      let path = "\(root)/\(split)"
      guard Folder.isFolder(path) else { return false }
      let contents = try list(path)
      return !contents.folders.isEmpty || !contents.files.contains(where: isPNG)
    }
    let hasTrain = try isSplit(.train)
    let hasTest = try isSplit(.test)
    guard hasTrain == hasTest else {
      throw .missingSplit(root: root, missing: hasTrain ? .test : .train)
    }
    return hasTrain
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    let kept = path.reversed().drop { $0 == "/" }
    return kept.isEmpty ? path : String(kept.reversed())
  }
}

/// The class folders within one folder.
private struct ClassFolders {
  struct Class {
    let name: String
    let path: String
    let files: [String]
  }

  var classes: [Class] = []
  var ignoredCount = 0

  init(_ path: String) throws(DatasetError) {
    let contents = try list(path)
    guard !contents.folders.isEmpty else {
      throw contents.files.contains(where: isPNG) ? .imagesOutsideClasses(path) : .emptyFolder(path)
    }
    for name in contents.folders {
      let folder = path + "/" + name
      let entries = try list(folder)
      let images = entries.files.filter(isPNG)
      guard !images.isEmpty else { throw .noImages(folder: folder) }
      classes.append(Class(name: name, path: folder, files: images.map { folder + "/" + $0 }))
      ignoredCount += entries.files.count - images.count + entries.folders.count
    }
    guard classes.count > 1 else { throw .oneClass(folder: path, name: classes[0].name) }
  }

  var files: [FolderScan.File] {
    classes.enumerated().flatMap { label, folder in
      folder.files.map { FolderScan.File(path: $0, label: label) }
    }
  }
}

private func list(_ path: String) throws(DatasetError) -> Folder {
  do throws(FileError) {
    return try Folder(listing: path)
  } catch {
    throw .unreadableFolder(path, error)
  }
}

private func isPNG(_ name: String) -> Bool {
  name.lowercased().hasSuffix(".png")
}
