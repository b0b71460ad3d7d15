import LockstepData
import LockstepTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a set of curves is read from: a run's folder, a file, a folder that holds several runs, a pattern such
/// as `runs/native-seed*`, or a list of these with commas between.
public struct CurveSource: Hashable, Sendable {
  /// What was given.
  public let text: String

  /// Names a source; nothing is read yet.
  public init(_ text: String) { self.text = text }

  /// Reads all curves of the source, in the order of names.
  ///
  /// - Throws: ``CurveError`` if there are none, or one can't be read.
  public func curves(_ columns: CurveColumns = CurveColumns()) throws(CurveError) -> [LossCurve] {
    var curves: [LossCurve] = []
    for path in try paths() { curves += try Self.curves(at: path, columns) }
    return curves
  }

  /// The files and folders named. What exists by this very name is meant, even with a comma or star in it.
  private func paths() throws(CurveError) -> [String] {
    if Self.exists(text) { return [text] }
    var paths: [String] = []
    for part in text.split(separator: ",").map(String.init) {
      if Self.exists(part) {
        paths.append(part)
      } else if part.contains(where: { "*?[".contains($0) }) {
        let matches = Self.matches(of: part)
        guard !matches.isEmpty else { throw CurveError("nothing matches \(part)") }
        paths += matches
      } else {
        throw CurveError("\(part): no such file or folder")
      }
    }
    guard !paths.isEmpty else { throw CurveError("'\(text)' names no run and no file") }
    return paths
  }

  private static func curves(at path: String, _ columns: CurveColumns) throws(CurveError) -> [LossCurve] {
    guard Folder.isFolder(path) else { return try CurveFile.curves(of: path, columns) }
    let folder = RunFolder(path)
    if folder.holdsRun { return [try LossCurve(run: folder)] }
    let contents: Folder
    do {
      contents = try Folder(listing: folder.path)
    } catch {
      throw CurveError("\(path) can't be read: \(error)")
    }
    let runs = contents.folders.map { RunFolder("\(folder.path)/\($0)") }.filter(\.holdsRun)
    let files = contents.files.filter { name in
      [".csv", ".jsonl", ".ndjson"].contains { name.lowercased().hasSuffix($0) }
    }
    guard !runs.isEmpty || !files.isEmpty else {
      throw CurveError("\(path) holds no run: neither run.json, nor folders with one, nor CSV or JSONL files")
    }
    var curves: [LossCurve] = []
    for run in runs { curves.append(try LossCurve(run: run)) }
    // Beside runs a table is most likely somebody's evaluation of them.
    if runs.isEmpty {
      for file in files { curves += try CurveFile.curves(of: "\(folder.path)/\(file)", columns) }
    }
    return curves
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// What a shell would make of a pattern, sorted.
  private static func matches(of pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_MARK, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }
}
