import LockstepCore
import LockstepData
import Testing

@Suite("lockstep dataset")
struct DatasetCommandTests {
  /// Two images of one pixel.
  private static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 3, 4]

  @Test("import-idx makes the folder and says what is in it")
  func importing() throws {
    let sandbox = Sandbox(hasData: false)
    sandbox.write(Self.images, to: "images")
    sandbox.write([0, 0, 8, 1, 0, 0, 0, 2, 1, 0], to: "labels")
    let outcome = try sandbox.run(
      "lockstep", ["dataset", "import-idx", "images", "labels", "--output", "new/train/", "--classes", "a,b"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output == "new/train: 2 images of 1x1 in 2 classes\n")
    #expect(sandbox.exists("new/train/b/00000.png") && sandbox.exists("new/train/a/00001.png"))
  }

  @Test("files that don't belong together are a failure in one line")
  func mismatch() throws {
    let sandbox = Sandbox(hasData: false)
    sandbox.write(Self.images, to: "images")
    sandbox.write([0, 0, 8, 1, 0, 0, 0, 1, 1], to: "labels")
    let outcome = try sandbox.run(
      "lockstep", ["dataset", "import-idx", "images", "labels", "--output", "new"])
    #expect(outcome.code == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors == "error: images has 2 images, labels has 1 labels: they don't belong together\n")
    #expect(!sandbox.exists("new"))
  }

  @Test("a command line without a folder is a usage error")
  func usage() throws {
    let outcome = try Sandbox(hasData: false).run("lockstep", ["dataset", "import-idx", "images", "labels"])
    #expect(outcome.code == 2 && outcome.errors.contains("--output <folder>"))
  }
}

@Suite("lockstep dataset export-npz, import-npz")
struct DatasetNPZTests {
  @Test("a folder becomes a file and a folder again, with the same images, labels and classes")
  func roundTrip() throws {
    let sandbox = Sandbox()
    let exported = try sandbox.run("lockstep", ["dataset", "export-npz", "data", "--output", "data.npz"])
    #expect(exported.code == 0 && exported.errors.isEmpty)
    #expect(exported.output == "data.npz: 18 training and 9 test images of 4x4x1 in 3 classes\n")
    let imported = try sandbox.run(
      "lockstep", ["dataset", "import-npz", "data.npz", "--output", "new/data/"])
    #expect(imported.code == 0 && imported.errors.isEmpty)
    #expect(imported.output == "new/data: 18 training and 9 test images in 3 classes\n")
    #expect(sandbox.exists("new/data/test/cat/00008.png"))
    try sandbox.run("lockstep", ["dataset", "export-npz", "new/data", "--output", "again.npz"])
    #expect(try sandbox.bytes("again.npz") == sandbox.bytes("data.npz"))
  }

  @Test("colour images keep their channels, and --classes renames")
  func colour() throws {
    let sandbox = Sandbox(hasData: false)
    for part in ["train", "test"] {
      for name in ["a", "b"] { sandbox.writeImage("data/\(part)/\(name)/0.png", channels: .rgb) }
    }
    try sandbox.run("lockstep", ["dataset", "export-npz", "data", "--output", "data.npz"])
    let imported = try sandbox.run(
      "lockstep", ["dataset", "import-npz", "data.npz", "--output", "new", "--classes", "c,d"])
    #expect(imported.code == 0)
    #expect(try sandbox.bytes("new/train/d/00001.png") == sandbox.bytes("data/train/b/0.png"))
  }

  @Test("a file that is no data set is a failure in one line, and nothing is written")
  func bad() throws {
    let sandbox = Sandbox()
    sandbox.write(Array("PK no".utf8), to: "bad.npz")
    var writer = NumPyArchiveWriter()
    writer.add("x_train", NumPyArray([0, 1, 2, 3] as [Float], shape: [1, 2, 2]))
    try writer.write(to: "\(sandbox.path)/floats.npz")
    writer = NumPyArchiveWriter()
    for part in ["train", "test"] {
      writer.add("x_\(part)", NumPyArray([0, 1, 2, 3] as [UInt8], shape: [1, 2, 2]))
      writer.add("y_\(part)", NumPyArray([Int64(part == "test" ? -1 : 0)]))
    }
    try writer.write(to: "\(sandbox.path)/labels.npz")
    let before = sandbox.everything
    for (file, message) in [
      ("bad.npz", "bad.npz is no zip archive, or is cut off: it has no directory at its end"),
      (
        "floats.npz",
        "floats.npz: x_train is float32 [1, 2, 2]; images are uint8 [count, height, width] or "
          + "[count, height, width, 1, 3 or 4]"
      ),
      ("labels.npz", "labels.npz: y_test has the label -1 at 0; labels are from 0 to 9999"),
      ("none.npz", "none.npz can't be read: No such file or directory"),
    ] {
      let outcome = try sandbox.run("lockstep", ["dataset", "import-npz", file, "--output", "new"])
      #expect(outcome.code == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "error: \(message)\n")
    }
    #expect(sandbox.everything == before)
  }

  @Test("a folder that is there, or a file that can't be, is a failure")
  func output() throws {
    let sandbox = Sandbox()
    try sandbox.run("lockstep", ["dataset", "export-npz", "data", "--output", "data.npz"])
    let existing = try sandbox.run("lockstep", ["dataset", "import-npz", "data.npz", "--output", "data"])
    #expect(existing.errors == "error: data is there already: remove it, or name another folder\n")
    let nowhere = try sandbox.run("lockstep", ["dataset", "export-npz", "data", "--output", "no/data.npz"])
    #expect(nowhere.code == 1)
    #expect(nowhere.errors == "error: no/data.npz can't be written: there is no folder no\n")
  }
}
