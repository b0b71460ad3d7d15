/// The version of this package.
public enum LockstepVersion {
  /// The version, as in CHANGELOG.md.
  public static let current = "0.1.0"
}
