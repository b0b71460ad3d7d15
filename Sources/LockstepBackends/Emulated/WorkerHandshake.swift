import CLockstepLink
import LockstepCore

/// What a worker says it is.
struct WorkerHandshake: Hashable, Sendable {
  var architecture: String
  var isaLevel: String
  var blasCore: String
  var blasLibrary: String
  var threads: Int
  var isTranslated: Bool
  var evidence: String

  /// Reads the record of a worker that is ready.
  init(_ handshake: lk_handshake) {
    architecture = text(handshake.architecture)
    isaLevel = text(handshake.isa_level)
    blasCore = text(handshake.blas_core)
    blasLibrary = text(handshake.blas_library)
    threads = Int(handshake.threads)
    isTranslated = handshake.is_translated != 0
    evidence = text(handshake.evidence)
  }

  /// Holds the worker to what was asked for: results of anything else would be ascribed to the wrong CPU.
  ///
  /// - Throws: ``BackendError/handshakeMismatch(what:expected:found:)`` with the first difference.
  func check(against profile: CPUProfile, _ translator: Translator, threads: Int) throws(BackendError) {
    try require("architecture", profile.architecture, architecture)
    if isTranslated != (translator != .none) {
      throw .handshakeMismatch(
        what: "binary translation", expected: translator == .none ? "none" : translator.name,
        found: isTranslated ? "present" : "none (\(evidence))")
    }
    try require("instruction-set level", profile.isaLevel, isaLevel)
    // OpenBLAS spells ARM's cores differently from one version to the next.
    if profile.blasCore.lowercased() != blasCore.lowercased() {
      try require("BLAS core", profile.blasCore, blasCore)
    }
    try require("thread count", "\(threads)", "\(self.threads)")
  }

  private func require(_ what: String, _ expected: String, _ found: String) throws(BackendError) {
    guard expected == found else {
      throw .handshakeMismatch(what: what, expected: expected, found: found)
    }
  }
}

/// The text in a C array of characters, which ends with a zero.
private func text<Characters>(_ characters: Characters) -> String {
  withUnsafeBytes(of: characters) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}
