/// How this program was compiled.
package enum Build {
  /// Whether without optimisation.
  package static var isDebug: Bool {
    var isDebug = false
    // An assertion is evaluated in debug builds alone.
    assert(
      {
        isDebug = true; return true
      }())
    return isDebug
  }
}
