import CLockstepLink
import LockstepCore

/// How a worker is started: the program, its arguments and its environment.
struct WorkerLaunch: Hashable, Sendable {
  /// The file that is executed: the translator, or the worker itself.
  let program: String
  /// The arguments, the program's name first.
  var arguments: [String]
  /// All of the environment, `NAME=value` each.
  var environment: [String]
  /// A copy of the worker without debugging information is executed, from memory.
  let usesBareExecutable: Bool
  /// The worker.
  let worker: WorkerLocation

  /// Works out how to start a worker.
  ///
  /// - Throws: ``BackendError/translatorNotFound(name:install:)``.
  init(
    _ worker: WorkerLocation, translator: Translator, profile: CPUProfile, threads: Int
  ) throws(BackendError) {
    let own = [
      "--control", "\(LK_WORKER_CONTROL)", "--data", "\(LK_WORKER_DATA)",
      "--socket", "\(LK_WORKER_SOCKET)", "--threads", "\(threads)",
    ]
    let level = translator.showsProfile ? [] : ["--isa", profile.isaLevel]
    try self.init(worker, translator: translator, profile: profile, own: own + level)
  }

  /// Works out how to start a worker that does something else than to serve.
  ///
  /// - Parameter own: the worker's own arguments.
  /// - Throws: ``BackendError/translatorNotFound(name:install:)``.
  init(
    _ worker: WorkerLocation, translator: Translator, profile: CPUProfile, own: [String]
  ) throws(BackendError) {
    let program = try Self.program(of: translator, profile)
    let prefix = translator.arguments(for: profile, sysroot: worker.sysroot)
    let path =
      translator.needsBareExecutable ? "/proc/self/fd/\(LK_WORKER_PROGRAM)" : worker.path
    self.program = program ?? worker.path
    self.arguments = (program.map { [$0] + prefix } ?? []) + [path] + own
    self.environment = Self.environment(of: translator, profile, worker)
    self.usesBareExecutable = translator.needsBareExecutable
    self.worker = worker
  }

  private static func program(
    of translator: Translator, _ profile: CPUProfile
  ) throws(BackendError) -> String? {
    guard let name = translator.program(architecture: profile.architecture) else { return nil }
    guard let path = ProgramSearch.find(name) else {
      throw .translatorNotFound(name: translator.name, install: translator.installHint)
    }
    return path
  }

  /// What a worker may know of the host's surroundings: where things are, what its translator was told, and
  /// where instrumented builds write. Nothing else, since variables choose kernels and libraries: of OpenBLAS,
  /// of the C library, of the dynamic linker.
  private static let inherited = [
    "PATH", "HOME", "TMPDIR", "USER", "XDG_RUNTIME_DIR", "LLVM_PROFILE_FILE", "ASAN_OPTIONS",
    "TSAN_OPTIONS", "UBSAN_OPTIONS",
  ]

  private static func environment(
    of translator: Translator, _ profile: CPUProfile, _ worker: WorkerLocation
  ) -> [String] {
    var variables: [String: String] = ["LC_ALL": "C", "OPENBLAS_NUM_THREADS": "1"]
    for name in inherited { variables[name] = Environment[name] }
    if !translator.showsProfile {
      variables["OPENBLAS_CORETYPE"] = profile.blasCore
      let hidden = profile.missingFeatures.map { "-\($0)" }.joined(separator: ",")
      if !hidden.isEmpty { variables["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=\(hidden)" }
    }
    // Executed from memory, the worker can't find libraries by the folder it lies in.
    if translator.needsBareExecutable { variables["LD_LIBRARY_PATH"] = worker.folder }
    return variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}

extension WorkerLaunch {
  /// What stands between the worker and the CPU, for run records: program, version and options.
  func describe(_ translator: Translator, _ profile: CPUProfile) -> String {
    guard let name = translator.program(architecture: profile.architecture) else { return "none" }
    let options = translator.arguments(for: profile, sysroot: nil)
    return ([name, ProgramSearch.version(of: program)].compactMap(\.self) + options).joined(separator: " ")
  }
}
