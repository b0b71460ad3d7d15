/// Ends the program because of a mistake in it, with a message in release builds too.
///
/// `precondition` and `preconditionFailure` keep their message for debug builds; what a training prints when
/// shapes don't fit must not depend on the build.
package func trap(
  _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(message(), file: file, line: line)
}

/// ``trap(_:file:line:)`` if a condition doesn't hold.
package func trap(
  unless condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
