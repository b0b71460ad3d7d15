import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C and a request to terminate, as something a loop asks for. The second one ends the process at once.
enum Interruption {
  fileprivate static let signalNumber = Atomic<Int32>(0)

  /// Whether the program was asked to stop.
  static var wasRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// What a shell reports of a program that a signal ended, so that a script stops too: 130 after Ctrl-C.
  static var exitCode: Int32 { 128 + signalNumber.load(ordering: .relaxed) }

  /// From now on signals are noted instead of ending the process.
  static func install() {
    // Whoever started us from a thread that blocks signals, as Foundation's Process does, handed that down.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    signal(SIGINT, noteInterruption)
    signal(SIGTERM, noteInterruption)
  }
}

/// A signal handler must be a plain function: a closure formed on the main actor would check for it and crash.
private func noteInterruption(_ number: Int32) {
  Interruption.signalNumber.store(number, ordering: .relaxed)
  signal(number, SIG_DFL)
}
