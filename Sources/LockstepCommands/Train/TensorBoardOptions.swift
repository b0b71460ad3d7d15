import ArgumentParser
import Lockstep
import LockstepData
import LockstepInterchange

/// Where event files go.
enum EventTarget: ExpressibleByArgument, Equatable, CustomStringConvertible {
  case runFolder
  case folder(String)

  init?(argument: String) { self = .folder(argument) }

  /// As help says it.
  var description: String {
    switch self {
    case .runFolder: "tensorboard in the run's folder"
    case .folder(let path): path
    }
  }
}

/// The option that has the training written for TensorBoard.
struct TensorBoardOptions: ParsableArguments {
  @Option(
    defaultAsFlag: EventTarget.runFolder, parsing: .next,
    help: ArgumentHelp("Write event files that TensorBoard shows.", valueName: "folder"),
    completion: .directory)
  var tensorboard: EventTarget?

  /// Makes a folder that was named, so that one which can't be made is known before the run's own is.
  func prepare() throws {
    if case .folder(let path) = tensorboard { try RunFolder(path).create() }
  }

  /// Who writes the events of a run, if they are wanted: also of one that goes on and has some in its folder.
  func writer(_ run: RunFolder) -> TensorBoardWriter? {
    switch tensorboard {
    case .folder(let path): TensorBoardWriter(folder: path)
    case .runFolder: TensorBoardWriter(folder: run.tensorBoard)
    case nil: Folder.isFolder(run.tensorBoard) ? TensorBoardWriter(folder: run.tensorBoard) : nil
    }
  }
}
