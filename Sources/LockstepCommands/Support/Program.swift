public import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs commands and turns what they throw into one line and an exit code: 0 for success, 1 for failure, 2 for
/// a command line that can't be understood.
public enum Program {
  /// Runs a command with this process's arguments, and ends the process.
  public static func main(_ root: any ParsableCommand.Type) -> Never {
    // A reader that has gone away is an error of the write, not a signal that ends us in silence.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that may not grow, as one on a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    openStandardDescriptors()
    do {
      var command = try root.parseAsRoot()
      try command.run()
      exit(0)
    } catch {
      exit(report(error, of: root))
    }
  }

  /// Prints what is to be said about an error, and gives the exit code.
  private static func report(_ error: any Error, of root: any ParsableCommand.Type) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    let parserCode = root.exitCode(for: error)
    if parserCode == .success {
      Terminal.standardOutput.write(root.fullMessage(for: error))
      return 0
    }
    let isParsing = parserCode == .validationFailure
    let isUsage = isParsing || error is UsageError
    let message = isParsing ? unknownCommand(root) ?? root.message(for: error) : "\(error)"
    Terminal.standardError.writeError(message)
    if isUsage { Terminal.standardError.write("       see \(commandName(root)) --help") }
    return isUsage ? 2 : 1
  }

  /// The command as it was typed, with the subcommand if there is one: whose help says what went wrong.
  private static func commandName(_ root: any ParsableCommand.Type) -> String {
    guard let first = CommandLine.arguments.dropFirst().first, subcommands(root).contains(first) else {
      return name
    }
    return "\(name) \(first)"
  }

  /// What to say of a first argument that is no subcommand, where there are any; nil of a good one.
  private static func unknownCommand(_ root: any ParsableCommand.Type) -> String? {
    let known = subcommands(root)
    guard let first = CommandLine.arguments.dropFirst().first, !known.isEmpty, !known.contains(first),
      !first.hasPrefix("-")
    else { return nil }
    return "there is no command '\(first)'; the commands are \(known.joined(separator: ", "))"
  }

  private static func subcommands(_ root: any ParsableCommand.Type) -> [String] {
    root.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  /// Gives a program that was started with closed descriptors empty ones: the first file it opened would
  /// otherwise be its standard output, and receive what is meant for a person.
  private static func openStandardDescriptors() {
    var descriptor: Int32
    repeat { descriptor = open("/dev/null", O_RDWR) } while (0...STDERR_FILENO).contains(descriptor)
    if descriptor >= 0 { close(descriptor) }
  }

  /// What the user typed to start this program: the script's name if a script started it.
  static var name: String {
    if let script = getenv("LOCKSTEP_INVOKED_AS") { return String(cString: script) }
    return CommandLine.arguments.first.map { path in
      path.split(separator: "/").last.map(String.init) ?? path
    } ?? "lockstep"
  }

  /// How to start `lockstep` beside this program, as a person would type it in this folder.
  static var lockstep: String { sibling(named: "lockstep") }

  /// How to train, as a person would type it in this folder.
  static var train: String {
    if getenv("LOCKSTEP_INVOKED_AS") != nil { return name }
    return "\(sibling(named: "lockstep")) train"
  }

  /// How to explain, as a person would type it in this folder.
  static var explain: String {
    if getenv("LOCKSTEP_INVOKED_AS") != nil { return name }
    return "\(sibling(named: "lockstep")) explain"
  }

  /// A file that comes with Lockstep: in the folder the script that started us names, else in this one.
  ///
  /// - Parameter option: what names another file instead.
  /// - Throws: ``CommandFailure`` if there is no such file.
  static func shipped(_ path: String, option: String) throws -> String {
    let found = getenv("LOCKSTEP_HOME").map { abbreviated("\(String(cString: $0))/\(path)") } ?? path
    guard access(found, F_OK) == 0 else {
      throw CommandFailure("\(found) is not in this folder: name another with \(option), or go to Lockstep's")
    }
    return found
  }

  private static func sibling(named name: String) -> String {
    // Started by its bare name it was found on the PATH, and so will its sibling be.
    guard let program = CommandLine.arguments.first, let slash = program.lastIndex(of: "/")
    else { return name }
    return abbreviated("\(program[..<slash])/\(name)")
  }

  /// A path as a shell takes it for one word.
  static func quoted(_ path: String) -> String {
    let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0) }
    guard !isPlain || path.isEmpty else { return path }
    return "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }

  /// A path relative to this folder if it is inside of it.
  private static func abbreviated(_ path: String) -> String {
    guard let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    let prefix = String(cString: current) + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}

/// A command line that is well formed and still makes no sense: exit code 2.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Something that went wrong: exit code 1.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
