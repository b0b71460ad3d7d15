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
