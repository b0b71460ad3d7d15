import Lockstep
import LockstepBackends
import LockstepCore

/// What the user should know of OpenBLAS's choice of kernels.
struct BLASNote {
  /// A sentence; nil where the choice is a sensible one, or the user's, or a translated CPU's.
  let text: String?

  init(_ backend: BackendDescriptor, askedCore: String? = Environment["OPENBLAS_CORETYPE"]) {
    guard backend.cpuProfile == nil, askedCore == nil, backend.hasOutdatedBLASKernels else {
      text = nil
      return
    }
    text = "OpenBLAS takes this CPU for a \(backend.blasCore); `lockstep doctor` says what is faster"
  }
}
