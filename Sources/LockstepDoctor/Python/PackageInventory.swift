import LockstepData

/// A distribution with the files of machine code that belong to it.
struct PackageContents {
  var distribution: InstalledDistribution
  var files: [NativeFile]
  /// Whether no installer's record names it: the files lie there, and that is all that is known.
  var isUnrecorded = false
}

/// Which files of an environment belong to which distribution.
struct PackageInventory {
  private(set) var packages: [PackageContents]
  let omissions: [String]

  init(_ environment: PythonEnvironment) {
    packages = Self.distributions(environment).map { PackageContents(distribution: $0, files: []) }
    let isConda = environment.kind == .conda
    let search = NativeFileSearch(
      (isConda ? ["\(environment.folder)/lib"] : []) + environment.packageFolders)
    omissions = search.omissions
    assign(search.files, environment.packageFolders)
    packages.sort { $0.distribution.normalizedName < $1.distribution.normalizedName }
  }

  private static func distributions(_ environment: PythonEnvironment) -> [InstalledDistribution] {
    var found = environment.packageFolders.flatMap { folder -> [InstalledDistribution] in
      guard let contents = try? Folder(listing: folder) else { return [] }
      return (contents.folders + contents.files).compactMap { InstalledDistribution($0, in: folder) }
    }
    guard environment.kind == .conda else { return found }
    let records = "\(environment.folder)/conda-meta"
    let names = ((try? Folder(listing: records))?.files ?? []).filter { $0.hasSuffix(".json") }
    for name in names {
      guard let conda = InstalledDistribution(condaRecord: "\(records)/\(name)", in: environment.folder)
      else { continue }
      // A Python package of conda's has both; what it is called there may differ, as pytorch and torch do.
      if let index = found.firstIndex(where: { Self.areSame($0, conda) }) {
        found[index].tags += conda.tags
        found[index].installer = conda.installer
        found[index].files = (found[index].files ?? []).union(conda.files ?? [])
      } else {
        found.append(conda)
      }
    }
    return found
  }

  private static func areSame(_ wheel: InstalledDistribution, _ conda: InstalledDistribution) -> Bool {
    if let files = wheel.files, let others = conda.files, !files.isDisjoint(with: others) { return true }
    return wheel.normalizedName == conda.normalizedName
  }

  private mutating func assign(_ files: [NativeFile], _ folders: [String]) {
    var owners: [String: Int] = [:]
    for (index, package) in packages.enumerated() {
      for file in package.distribution.files ?? [] { owners[file] = index }
    }
    for file in files {
      if let owner = owners[file.path] ?? owner(byFolderOf: file, folders) {
        packages[owner].files.append(file)
      }
    }
  }

  /// Without a record, a package's files are those in folders of its name; a folder without a package becomes one.
  /// Nil of a file outside of the folders of packages, which is no package's.
  private mutating func owner(byFolderOf file: NativeFile, _ folders: [String]) -> Int? {
    guard let folder = folders.first(where: { file.path.hasPrefix($0 + "/") }) else { return nil }
    let top = file.path.dropFirst(folder.count + 1).prefix { $0 != "/" }
    // numpy, numpy.libs, numpy.so, numpy.cpython-311-….so
    let stem = String(top.prefix { $0 != "." })
    let name = InstalledDistribution.normalized(stem)
    if let index = packages.firstIndex(where: {
      $0.distribution.normalizedName == name || $0.distribution.topLevel.contains(stem)
    }) {
      return index
    }
    packages.append(
      PackageContents(distribution: InstalledDistribution(unrecorded: stem), files: [], isUnrecorded: true))
    return packages.count - 1
  }
}
