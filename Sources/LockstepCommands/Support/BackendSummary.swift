import Lockstep

extension BackendDescriptor {
  /// The backend in one line.
  var summary: String {
    let blas = blasCore == "none" ? "" : ", OpenBLAS \(blasCore)"
    let threads = threads == 1 ? "1 thread" : "\(threads) threads"
    let between = translator == "none" ? "" : ", under \(translator)"
    let fault = fault.map { ", with the fault \($0)" } ?? ""
    return "\(name): \(architecture)\(blas), kernels \(isaLevel), \(threads)\(between)\(fault)"
  }

  /// Whether the other computes with the same kernels: the number of threads changes no bit.
  func hasSameArithmetic(as other: BackendDescriptor) -> Bool {
    (name, architecture, blasCore, blasLibrary, isaLevel, translator)
      == (other.name, other.architecture, other.blasCore, other.blasLibrary, other.isaLevel, other.translator)
      && fault == other.fault
  }
}
