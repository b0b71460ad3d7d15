import Foundation
import Lockstep
import LockstepData
import Testing

@Suite("Run folder and its files")
struct RunFolderTests {
  private let temporary = TemporaryFolder()

  private func failure(_ folder: String) -> String? {
    do {
      try RunFolder(folder).create(model: "text")
      return nil
    } catch {
      return error.description
    }
  }

  @Test("the folder and those above it are made, with the model in it")
  func create() throws {
    let folder = RunFolder(temporary.path + "/a/b c/d")
    try folder.create(model: "name: x\n")
    #expect(text(of: folder.model) == "name: x\n")
    #expect(!folder.holdsRun)
    try folder.create()
  }

  @Test("a file in the place of the folder, or of one above it, is told")
  func fileInTheWay() throws {
    let file = temporary.path + "/file"
    try "x".write(toFile: file, atomically: true, encoding: .utf8)
    for path in [file, file + "/run"] {
      #expect(failure(path) == "the output folder \(path) can't be made: Not a directory")
    }
    #expect(text(of: file) == "x")
    // A program that may be executed is no folder either.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    #expect(failure(file) == "the output folder \(file) can't be made: Not a directory")
  }

  @Test("a place where nothing can be made is told")
  func impossiblePlace() {
    #expect(
      failure("/proc/lockstep/run")
        == "the output folder /proc/lockstep/run can't be made: No such file or directory")
    #expect(failure("")?.hasPrefix("the output folder ") == true)
  }

  @Test("a folder that can hold no model is not left behind")
  func modelInTheWay() throws {
    let folder = RunFolder(temporary.path + "/run")
    // The place of model.yaml is taken by a folder, which a rename can't replace.
    try FileManager.default.createDirectory(atPath: folder.model, withIntermediateDirectories: true)
    #expect(failure(folder.path) == "\(folder.model) can't be written: Is a directory")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.yaml"])
  }

  @Test("a file is replaced as a whole")
  func atomicWrite() throws {
    let file = temporary.path + "/file"
    try AtomicFile.write([1, 2, 3], to: file)
    try AtomicFile.write([4], to: file)
    #expect(contents(of: file) == [4])
    #expect(temporary.names == ["file"])
  }

  @Test("a write that fails leaves what was there and nothing else")
  func failedWrite() throws {
    let file = temporary.path + "/file"
    try FileManager.default.createDirectory(atPath: file + "/inner", withIntermediateDirectories: true)
    #expect(throws: FileError.self) { try AtomicFile.write([1], to: file) }
    #expect(temporary.names == ["file"])
    let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: temporary.path + "/no/file") }
    #expect(error?.reason == "No such file or directory")
  }
}
