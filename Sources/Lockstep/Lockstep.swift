// The umbrella: `import Lockstep` is all that a program which trains needs.
@_exported public import LockstepBackends
@_exported public import LockstepComparison
@_exported public import LockstepCore
@_exported public import LockstepData
@_exported public import LockstepNN
@_exported public import LockstepTraining
