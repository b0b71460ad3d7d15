import LockstepCommands

Program.main(LockstepCommand.self)
