import Foundation
import Testing

@Suite("dataset info and dataset verify")
struct DatasetFactsTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// Rows of words.
  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  @Test("info counts images by class and tells size, digest and memory")
  func counts() throws {
    let sandbox = Sandbox()
    sandbox.remove("data/train/cat/5.png")
    let outcome = try sandbox.run("lockstep", ["dataset", "info", "data"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let rows = rows(outcome.output)
    #expect(
      rows[0].joined(separator: " ") == "data data: 17 training and 9 test images of 4x4x1 in 3 classes")
    #expect(rows.contains(["ant", "6", "3"]) && rows.contains(["cat", "5", "3"]))
    #expect(rows.contains { $0.joined(separator: " ") == "memory 416 bytes decoded" })
    #expect(rows.contains(["files", "all", "26", "are", "good"]))
  }

  @Test("info --json has the digest that training records, and the same of streamed images")
  func digest() throws {
    let sandbox = Sandbox()
    #expect(try sandbox.train("--quiet", "--output", "run", "--epochs", "1").code == 0)
    let dataset = try #require(try sandbox.record("run")["dataset"] as? [String: Any])
    for options in [[], ["--stream"]] {
      let outcome = try sandbox.run("lockstep", ["dataset", "info", "data", "--json"] + options)
      let facts = try object(outcome.output)
      #expect(facts["digest"] as? String == dataset["digest"] as? String)
      #expect(facts["trainCount"] as? Int == 18 && facts["testCount"] as? Int == 9)
      #expect(facts["isStreamed"] as? Bool == !options.isEmpty)
    }
  }

  @Test("info lists what can't be used and what is there twice, across parts and classes")
  func problems() throws {
    let sandbox = Sandbox()
    sandbox.write(Array("text".utf8), to: "data/train/bee/bad.png")
    sandbox.write([1], to: "data/train/bee/notes.txt")
    // A row nothing else has, in both parts and, of another class, in the test part once more.
    for name in ["train/ant/x", "train/ant/y", "test/ant/x", "test/bee/x"] {
      sandbox.writeImage("data/\(name).png", label: 3, index: 50)
    }
    let outcome = try sandbox.run("lockstep", ["dataset", "info", "data", "--json"])
    let facts = try object(outcome.output)
    let skipped = try #require(facts["skipped"] as? [[String: String]])
    #expect(skipped == [["path": "data/train/bee/bad.png", "reason": "not a PNG: it looks like text"]])
    #expect(facts["ignoredCount"] as? Int == 1)
    func images(_ key: String) throws -> [String?] {
      try #require(facts[key] as? [[String: Any]]).map { $0["image"] as? String }
    }
    // The sandbox's own images are the same in both parts.
    let leaks = try images("leaks")
    #expect(leaks.contains("data/test/ant/x.png") && leaks.contains("data/test/bee/x.png"))
    #expect(try images("contradictions") == ["data/test/bee/x.png"])
    #expect(facts["repeatedInTrain"] as? Int == 1 && facts["repeatedInTest"] as? Int == 0)
    let text = try sandbox.run("lockstep", ["dataset", "info", "data"]).output
    #expect(text.contains("  data/train/bee/bad.png: not a PNG"))
    #expect(text.contains("  data/test/bee/x.png is data/train/ant/x.png"))
  }

  @Test("verify accepts what a run was trained on, and finds every change of it")
  func verify() throws {
    let sandbox = Sandbox()
    #expect(try sandbox.train("--quiet", "--output", "run", "--epochs", "1").code == 0)
    let same = try sandbox.run("lockstep", ["dataset", "verify", "data", "--run", "run"])
    #expect(same.code == 0 && same.errors.isEmpty)
    #expect(same.output.contains("as run recorded it") && same.output.hasSuffix("verdict   good\n"))
    sandbox.writeImage("data/train/ant/0.png", label: 0, index: 77)
    let changed = try sandbox.run("lockstep", ["dataset", "verify", "data", "--run", "run", "--json"])
    #expect(changed.code == 1)
    #expect(changed.errors == "error: data: classes, labels or pixels are not those of the digest\n")
    let verdict = try object(changed.output)
    #expect(verdict["isGood"] as? Bool == false && verdict["isDigestRight"] as? Bool == false)
  }

  @Test(
    "verify fails on a file that can't be used, and on test images that are trained on if they are forbidden")
  func unusable() throws {
    let sandbox = Sandbox()
    #expect(try sandbox.run("lockstep", ["dataset", "verify", "data"]).code == 0)
    let leaking = try sandbox.run("lockstep", ["dataset", "verify", "data", "--no-leaks"])
    #expect(leaking.code == 1)
    #expect(
      leaking.errors == "error: data: 9 of the test images are trained on, first data/test/ant/0.png\n")
    sandbox.write(Sandbox.png().dropLast(20), to: "data/test/cat/cut.png")
    let cut = try sandbox.run("lockstep", ["dataset", "verify", "data"])
    #expect(cut.code == 1)
    #expect(cut.errors == "error: data: 1 unusable file, first data/test/cat/cut.png\n")
  }

  @Test(
    "preview draws every image as it is, then varied; the same seed draws the same",
    arguments: ["svg", "png"])
  func preview(form: String) throws {
    let sandbox = Sandbox()
    func draw(_ name: String, _ options: [String]) throws -> [UInt8] {
      let outcome = try sandbox.run(
        "lockstep",
        ["dataset", "preview", "data", "--crop", "1", "--output", name, "--epochs", "2"] + options)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.output == "\(name): 3 images, crop 1\n")
      return try sandbox.bytes(name)
    }
    let sheet = try draw("a.\(form)", [])
    #expect(try draw("b.\(form)", []) == sheet)
    #expect(try draw("c.\(form)", ["--seed", "1"]) != sheet)
    guard form == "svg" else { return }
    let text = String(decoding: sheet, as: UTF8.self)
    #expect(text.matches(of: /<image/).count == 9)
    for caption in ["ant", "as it is", "epoch 2"] { #expect(text.contains(">\(caption)<")) }
  }

  @Test(
    "a preview of what makes no sense is a mistake, and nothing is drawn",
    arguments: [
      (["--crop", "4"], 2, "a crop's padding of 4 would leave nothing of images of 4x4"),
      (["--count", "0"], 2, "--count must be at least 1"),
      (["--count", "18", "--epochs", "100"], 2, "more than 400 pictures"),
      (["--normalize", "0,0/1,1"], 2, "the images have 1 channels"),
      (["--output", "x.gif"], 1, ".svg or .png"),
    ])
  func badPreview(options: [String], code: Int32, message: String) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let output = options.contains("--output") ? [] : ["--output", "x.svg"]
    let outcome = try sandbox.run("lockstep", ["dataset", "preview", "data"] + options + output)
    #expect(outcome.code == code && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(sandbox.everything == before)
  }

  @Test(
    "a digest that is none, two digests and a run that is none are mistakes",
    arguments: [
      (["--digest", "123"], 2, "--digest takes 64 hexadecimal digits"),
      (["--digest", String(repeating: "a", count: 64), "--run", "run"], 2, "by --digest or by --run"),
      (["--run", "none"], 1, "none holds no run"),
      (["--digest", String(repeating: "a", count: 64)], 1, "not those of the digest"),
    ])
  func usage(options: [String], code: Int32, message: String) throws {
    let outcome = try Sandbox().run("lockstep", ["dataset", "verify", "data"] + options)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
