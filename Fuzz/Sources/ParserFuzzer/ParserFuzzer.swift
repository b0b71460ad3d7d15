#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The parser that this process is about: `LOCKSTEP_FUZZ_PARSER` names it.
private let parser: Parser = {
  guard let name = getenv("LOCKSTEP_FUZZ_PARSER"), let parser = Parser(rawValue: String(cString: name)) else {
    let names = Parser.allCases.map(\.rawValue).joined(separator: ", ")
    let line = "LOCKSTEP_FUZZ_PARSER must name a parser: \(names)\n"
    write(STDERR_FILENO, line, line.utf8.count)
    exit(2)
  }
  return parser
}()

/// What libFuzzer calls with each input. An error that is thrown is as good as a result; a trap, a memory error, a
/// time-out or too much memory is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  parser.parse([UInt8](UnsafeBufferPointer(start: start, count: count)))
  return 0
}
