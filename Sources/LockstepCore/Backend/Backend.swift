/// Something that executes instructions on memory of its own: the whole contract.
///
/// Instructions take effect in the order they were submitted, as do uploads and downloads among them. A
/// backend is called from one thread at a time by its ``Device``, but from different ones.
///
/// Failures of the environment (memory, a lost worker) are sticky: `submit`, `upload` and `allocate` swallow
/// them, every later command is ignored, and the next `download` or `synchronize` throws the first one.
/// A fresh buffer holds whatever was there; in debug builds a backend fills it with NaN patterns (0xFF).
public protocol Backend: AnyObject, Sendable {
  /// What executes, for run records and messages.
  var descriptor: BackendDescriptor { get }

  /// Whether the operation can be executed on inputs of this dtype.
  func supports(_ operation: Operation, _ dtype: DType) -> Bool

  /// Whether an optimizer's step may write over what it reads, ``Operation/sgd(_:)`` and ``Operation/adam(_:)`` the
  /// parameter and each part of the state over what it was: their output is then the buffer of that input.
  ///
  /// False unless a backend says otherwise; what looks at operands after they were used should not.
  var updatesInPlace: Bool { get }

  /// A new buffer. 64-byte alignment is not promised for contents seen elsewhere, only inside kernels.
  func allocate(byteCount: Int) -> BufferID

  /// Gives a buffer back; instructions submitted earlier still find it.
  func release(_ buffer: BufferID)

  /// Copies bytes into a buffer, from its beginning.
  func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID)

  /// Executes an instruction, or queues it.
  func submit(_ instruction: Instruction)

  /// Waits for the instructions before it and copies a buffer's first bytes out.
  func download(_ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer) throws(BackendError)

  /// Waits for all instructions submitted so far.
  func synchronize() throws(BackendError)
}

extension Backend {
  /// No.
  public var updatesInPlace: Bool { false }
}

/// What executes a run's arithmetic.
public struct BackendDescriptor: Codable, Hashable, Sendable {
  /// The name on the command line, such as `native`.
  public var name: String
  /// The architecture whose machine code runs, such as `x86_64`.
  public var architecture: String
  /// The kernel set of the BLAS library, such as `Haswell`, or `none`.
  public var blasCore: String
  /// The BLAS library's version and build, or `none`.
  public var blasLibrary: String
  /// The instruction-set level of our own kernels, such as `x86-64-v3`.
  public var isaLevel: String
  /// How many threads compute.
  public var threads: Int
  /// The binary translator in between, with its version and options, or `none`.
  public var translator: String
  /// That translator's name on the command line; nil where there is none to choose.
  public var translatorName: String?
  /// The CPU that a worker shows its code, such as `rosetta2-launch`; nil without a worker.
  public var cpuProfile: String?
  /// How a worker knows whether it is translated; nil without a worker.
  public var evidence: String?
  /// The mistake that is made on purpose, to test what looks for mistakes; nil in every run for real.
  public var fault: InjectedFault?
  /// Whether every matrix product and convolution is checked, which takes time; nil where it is not.
  public var isChecked: Bool?

  /// Creates a descriptor.
  public init(
    name: String, architecture: String, blasCore: String = "none", blasLibrary: String = "none",
    isaLevel: String, threads: Int, translator: String = "none",
    translatorName: String? = nil, cpuProfile: String? = nil,
    evidence: String? = nil, fault: InjectedFault? = nil
  ) {
    self.name = name
    self.architecture = architecture
    self.blasCore = blasCore
    self.blasLibrary = blasLibrary
    self.isaLevel = isaLevel
    self.threads = threads
    self.translator = translator
    self.translatorName = translatorName
    self.cpuProfile = cpuProfile
    self.evidence = evidence
    self.fault = fault
  }

  /// The architecture this code was compiled for, by the name `uname -m` has on Linux.
  public static var hostArchitecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "unknown"
    #endif
  }
}
