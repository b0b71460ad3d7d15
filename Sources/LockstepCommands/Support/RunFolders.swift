import Lockstep

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RunFolder {
  /// A folder that holds no run yet.
  static func unused(_ path: String) throws -> RunFolder {
    let folder = RunFolder(path)
    guard !folder.holdsRun else {
      throw UsageError("\(path) already holds a run; choose another --output, or --resume it")
    }
    return folder
  }

  /// `runs/<name>-<time>`, numbered if it is taken.
  static func new(named name: String) -> RunFolder {
    let time = Date().formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.omitted)).prefix(15)
    let base = "runs/\(name)-\(time)"
    var folder = RunFolder(base)
    var number = 2
    while folder.holdsRun {
      folder = RunFolder("\(base)-\(number)")
      number += 1
    }
    return folder
  }
}
