import CFuzzing

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

/// How many inputs there were, and how many of them were understood; libFuzzer has one thread.
nonisolated(unsafe) private var inputCount = 0
nonisolated(unsafe) private var understoodCount = 0

/// What libFuzzer calls before anything else.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ arguments: UnsafeRawPointer) -> CInt {
  atexit {
    let line = "understood \(understoodCount) of \(inputCount)\n"
    write(STDERR_FILENO, line, line.utf8.count)
  }
  return 0
}

/// What libFuzzer calls with each input. An error that is thrown is as good as a result; a trap, a memory error, a
/// time-out or too much memory is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  inputCount += 1
  if parser.parse([UInt8](UnsafeBufferPointer(start: start, count: count))) { understoodCount += 1 }
  return 0
}

/// What libFuzzer calls for the next input: changes the bytes in place, and gives their new number.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateInput(
  _ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
  var random = MutationRandom(seed: seed)
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  let changed = parser.mutate(bytes, limit: limit, &random)
  // One that has grown too large is libFuzzer's alone to change.
  guard !changed.isEmpty, changed.count <= limit else { return LLVMFuzzerMutate(start, count, limit) }
  _ = UnsafeMutableBufferPointer(start: start, count: limit).update(fromContentsOf: changed)
  return changed.count
}
