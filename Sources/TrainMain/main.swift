import LockstepCommands

Program.main(TrainCommand.self)
