import Foundation
import Lockstep
import LockstepData
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files of this process can't grow over a size from now on: the nearest to a full disk that needs no rights.
private func limitFileSize(to size: Int) {
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit()
  #if canImport(Glibc)
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    limit.rlim_cur = rlim_t(size)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  #else
    getrlimit(RLIMIT_FSIZE, &limit)
    limit.rlim_cur = rlim_t(size)
    setrlimit(RLIMIT_FSIZE, &limit)
  #endif
}

/// Each in a process of its own, whose files are limited.
@Suite("Full disk")
struct FullDiskTests {
  @Test("a file that does not fit leaves the old one and no temporary")
  func atomicFile() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let file = folder.path + "/file"
      try AtomicFile.write([1, 2, 3], to: file)
      limitFileSize(to: 100)
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write([UInt8](repeating: 7, count: 101), to: file)
      }
      #expect(error?.reason == "File too large")
      #expect(folder.names == ["file"])
      #expect(contents(of: file) == [1, 2, 3])
    }
  }

  @Test("a run that can't save its first weights leaves nothing")
  func begin() async {
    await #expect(processExitsWith: .success) {
      let temporary = TemporaryFolder()
      let folder = RunFolder(temporary.path + "/run")
      try folder.create(model: "name: tiny\n")
      let data = TinyTraining.images(6)
      let trainer = try TinyTraining.trainer(.init(epochs: 1, batchSize: 2), on: referenceDevice())
      let recorder = RunRecorder(folder, try TinyTraining.record(of: trainer, data, data))
      limitFileSize(to: 300)
      let error = #expect(throws: RunFolderError.self) {
        try trainer.fit(data, test: data, observers: [recorder])
      }
      #expect(error?.description == "\(folder.checkpoint) can't be written: File too large")
      #expect(temporary.names.isEmpty)
    }
  }

  @Test("a run that can't go on leaves whole files, and says that it failed")
  func metrics() async {
    await #expect(processExitsWith: .success) {
      let temporary = TemporaryFolder()
      let folder = RunFolder(temporary.path + "/run")
      try folder.create(model: "name: tiny\n")
      let data = TinyTraining.images(200)
      let trainer = try TinyTraining.trainer(.init(epochs: 1, batchSize: 1), on: referenceDevice())
      let recorder = RunRecorder(folder, try TinyTraining.record(of: trainer, data, data))
      // Enough for weights, checkpoint and record, not for two hundred rows.
      limitFileSize(to: 5000)
      let error = #expect(throws: RunFolderError.self) {
        try trainer.fit(data, test: data, observers: [recorder])
      }
      #expect(error?.description == "\(folder.metrics) can't be written: File too large")
      let rows = text(of: folder.metrics).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(rows.last == "" && rows.dropLast().allSatisfy { $0.split(separator: ",").count == 7 })
      let record = try RunRecord(in: folder)
      #expect(record.status == .failed && record.failure == error?.description && record.stepCount == 0)
      #expect(contents(of: folder.lastWeights).count > 300)
      try TrainingCheckpoint(file: folder.checkpoint).restore(trainer)
      #expect(trainer.position.step == 0)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy {
          !$0.hasSuffix(".partial")
        })
    }
  }
}
