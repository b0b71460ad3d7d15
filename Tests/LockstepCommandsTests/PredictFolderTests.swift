import Foundation
import LockstepData
import Testing

@Suite("predict on folders")
struct PredictFolderTests {
  /// A sandbox with a run in `run`, trained until it knows its classes, and images in `wrong` of which one lies in
  /// another class's folder. Tests only read it.
  private static let trained: Sandbox = {
    let sandbox = Sandbox()
    let outcome = try! sandbox.train("--quiet", "--output", "run", "--epochs", "30")
    atexit { try? FileManager.default.removeItem(atPath: PredictFolderTests.trained.path) }
    precondition(outcome.code == 0, outcome.errors)
    sandbox.writeImage("wrong/ant/a.png", label: 0)
    sandbox.writeImage("wrong/ant/b.png", label: 1)
    sandbox.writeImage("wrong/other/c.png", label: 2)
    sandbox.write(Array("text".utf8), to: "wrong/other/notes.txt")
    return sandbox
  }()

  private func predict(_ arguments: String..., program: String = "lockstep") throws -> Outcome {
    try Self.trained.run(program, ["predict", "run"] + arguments)
  }

  private func json(_ outcome: Outcome) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
  }

  @Test("a folder stands for all PNG files in it, in order, each with the class its folder names")
  func folder() throws {
    let rows = try json(predict("wrong/", "data/test/bee/0.png", "--json"))
    #expect(
      rows.map { $0["image"] as? String } == [
        "wrong/ant/a.png", "wrong/ant/b.png", "wrong/other/c.png", "data/test/bee/0.png",
      ])
    #expect(rows.map { $0["label"] as? String } == ["ant", "ant", nil, nil])
    let likeliest = rows.map { ($0["classes"] as? [[String: Any]])?.first?["name"] as? String }
    #expect(likeliest == ["ant", "bee", "cat", "bee"])
  }

  @Test("the table judges what is known, and says how many are right")
  func table() throws {
    let outcome = try predict("wrong", "--top", "1")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 6 && outcome.code == 0)
    #expect(lines[2].wholeMatch(of: /wrong\/ant\/a.png +ant +[01]\.\d{4}  right/) != nil, "\(lines[2])")
    #expect(lines[3].wholeMatch(of: /wrong\/ant\/b.png +bee +[01]\.\d{4}  is ant/) != nil, "\(lines[3])")
    #expect(lines[4].wholeMatch(of: /wrong\/other\/c.png +cat +[01]\.\d{4}/) != nil, "\(lines[4])")
    #expect(lines[5] == "1 of 2 right, accuracy 0.5000")
  }

  @Test("--csv has a row an image, and as many classes as --top says", arguments: [1, 2, 9])
  func csv(top: Int) throws {
    let lines = try predict("wrong", "--csv", "--top", "\(top)").output.split(separator: "\n")
    let names = ["class,probability", "class2,probability2", "class3,probability3"].prefix(top)
    #expect(lines[0] == "image,label,\(names.joined(separator: ","))")
    #expect(lines.count == 4 && lines[1].hasPrefix("wrong/ant/a.png,ant,ant,0."))
    #expect(
      lines.allSatisfy {
        $0.split(separator: ",", omittingEmptySubsequences: false).count == 2 + 2 * min(top, 3)
      })
  }

  @Test("a name with a comma is quoted")
  func quoting() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    sandbox.writeImage("a,\"b\".png")
    let outcome = try sandbox.run("lockstep", ["predict", "run", "a,\"b\".png", "--csv"])
    #expect(outcome.output.split(separator: "\n")[1].hasPrefix("\"a,\"\"b\"\".png\",,ant,0."))
  }

  @Test("--sheet draws every image, the wrong one marked", arguments: ["svg", "png"])
  func sheet(form: String) throws {
    let sandbox = Sandbox()
    for name in ["run", "wrong"] { sandbox.copy(name, of: Self.trained) }
    let outcome = try sandbox.run("lockstep", ["predict", "run", "wrong", "--sheet", "sheet.\(form)"])
    #expect(outcome.code == 0 && outcome.errors == "contact sheet: sheet.\(form)\n")
    if form == "svg" {
      let text = try sandbox.text("sheet.svg")
      #expect(text.components(separatedBy: "<image ").count == 4)
      #expect(text.contains(">✗ bee</text>") && text.contains("1 of 2 right (50 %)") == false)
      #expect(text.contains("3 images, 1 of 2 right (50.0 %)"))
    } else {
      #expect(try PNGDecoder().header(of: sandbox.bytes("sheet.png")).width > 800)
    }
  }

  @Test("of very many images the sheet shows the wrong ones and the least certain")
  func manyImages() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    for index in 0..<401 {
      sandbox.writeImage("many/ant/\(index).png", label: index == 400 ? 1 : 0, index: index % 3)
    }
    #expect(
      try sandbox.run("lockstep", ["predict", "run", "many", "--sheet", "sheet.svg", "--csv"]).code == 0)
    let text = try sandbox.text("sheet.svg")
    #expect(text.components(separatedBy: "<image ").count == 401)
    let first = try #require(text.firstRange(of: "✗ bee")).lowerBound
    #expect(first < (try #require(text.firstRange(of: ">ant<"))).lowerBound)
  }

  @Test(
    "a mistake is said before anything is computed",
    arguments: [
      (["--top", "0"], "--top must be at least 1, not 0", 2),
      (["--json", "--csv"], "--json and --csv are two forms of one output: choose one", 2),
      (["--sheet", "x.gif"], "x.gif: a plot is written as .svg or .png; please give a name that ends so", 1),
      (["--sheet", "no/x.svg"], "no/x.svg can't be written: there is no folder no", 1),
    ] as [([String], String, Int32)])
  func mistakes(arguments: [String], message: String, code: Int32) throws {
    let outcome = try Self.trained.run("lockstep", ["predict", "run", "wrong"] + arguments)
    #expect(outcome.code == code && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first == "error: \(message)")
  }

  @Test("a folder without images is named, the others are predicted")
  func emptyFolder() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    sandbox.makeFolder("empty/deeper")
    let outcome = try sandbox.run("lockstep", ["predict", "run", "empty", "data/test/ant", "--csv"])
    #expect(outcome.code == 1 && outcome.errors == "error: empty: there are no PNG files in this folder\n")
    #expect(outcome.output.split(separator: "\n").count == 4)
  }

  @Test("a folder that holds itself ends")
  func loop() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    sandbox.writeImage("loop/a.png")
    try FileManager.default.createSymbolicLink(
      atPath: "\(sandbox.path)/loop/again", withDestinationPath: "\(sandbox.path)/loop")
    #expect(try sandbox.run("lockstep", ["predict", "run", "loop", "--csv"]).code == 0)
  }
}
