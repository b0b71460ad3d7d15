import Lockstep
import LockstepCore

/// The folder of a sweep: `sweep.json`, which says what is swept, and a folder for each run.
struct SweepFolder {
  private static let formatVersion = 1

  private struct Document: Codable {
    let formatVersion: Int
    let sweep: SweepPlan
  }

  let path: String
  let plan: SweepPlan

  /// Where a run is.
  func runFolder(_ run: SweepPlan.Run) -> RunFolder { RunFolder("\(path)/\(run.name)") }

  /// Makes the folder of a new sweep.
  ///
  /// - Throws: ``UsageError`` if there is a sweep already, `RunFolderError` if files can't be written there.
  init(beginning plan: SweepPlan, _ output: String?) throws {
    let folder = output.map { RunFolder($0) } ?? RunFolder.new(named: "sweep")
    path = folder.path
    self.plan = plan
    if (try? FileReader.size(of: Self.file(path))) != nil || folder.holdsRun {
      throw UsageError("\(path) already holds a sweep or a run; choose another --output, or --resume it")
    }
    try folder.create()
    try OutputFile.write(
      JSON.encode(Document(formatVersion: Self.formatVersion, sweep: plan)), to: Self.file(path))
  }

  /// Reads the folder of a sweep that was begun.
  ///
  /// - Throws: ``CommandFailure`` if there is none.
  init(resuming path: String) throws {
    self.path = RunFolder(path).path
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(Self.file(self.path))
    } catch {
      throw CommandFailure("\(path) holds no sweep: sweep.json can't be read: \(error)")
    }
    guard let document = try? JSON.decode(Document.self, from: bytes) else {
      throw CommandFailure("\(Self.file(self.path)) is not the description of a sweep")
    }
    guard document.formatVersion == Self.formatVersion else {
      throw CommandFailure(
        "\(Self.file(self.path)) has format \(document.formatVersion), this Lockstep reads format "
          + "\(Self.formatVersion)")
    }
    plan = document.sweep
    // The file may have been edited.
    try plan.check()
  }

  private static func file(_ path: String) -> String { "\(path)/sweep.json" }
}
