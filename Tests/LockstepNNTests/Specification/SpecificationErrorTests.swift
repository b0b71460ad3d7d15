import Foundation
import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

/// A text that is no model, and the one line it gets: a case of `bad-models.txt`.
struct BadModel: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let yaml: String
  let message: String

  static let all: [BadModel] = {
    let path = repositoryPath("Tests/LockstepNNTests/Specification/bad-models.txt")
    let cases = try! String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n### ")
      .dropFirst()
    return cases.map { text in
      let parts = text.components(separatedBy: "\n=> ")
      let (name, yaml) = parts[0].splitAtFirstLine()
      return BadModel(
        testDescription: name,
        yaml: yaml.replacing("<TAB>", with: "\t").replacing("<SOH>", with: "\u{1}"),
        message: parts[1].trimmingCharacters(in: .newlines))
    }
  }()
}

extension String {
  fileprivate func splitAtFirstLine() -> (String, String) {
    let lines = components(separatedBy: "\n")
    return (lines[0], lines.dropFirst().joined(separator: "\n"))
  }
}

@Suite("What a bad model file gets")
struct SpecificationErrorTests {
  @Test("Every mistake is one line with its place", arguments: BadModel.all)
  func message(_ bad: BadModel) {
    let error = #expect(throws: SpecificationError.self) {
      try ModelSpecification(bad.yaml, file: "net.yaml")
    }
    #expect(error?.description == bad.message)
  }

  @Test("The table of mistakes was read")
  func table() { #expect(BadModel.all.count == 92) }

  @Test("A file that isn't there, a folder, and bytes that are no text")
  func unreadable() throws {
    func problem(_ path: String) -> String? {
      #expect(throws: SpecificationError.self) { try ModelSpecification(contentsOf: path) }?.description
    }
    #expect(problem("no/such.yaml") == "no/such.yaml: No such file or directory")
    #expect(problem("/") == "/: Is a directory")
    #expect(problem("/dev/zero") == "/dev/zero: the file has more than 64 KiB; is it a model?")
    try withTemporaryFile(bytes: [0x6C, 0xFF, 0xFE]) { path in
      #expect(problem(path) == "\(path): the file is not text in UTF-8; is it a model?")
    }
  }
}

@Suite("A model file made to harm")
struct HostileSpecificationTests {
  @Test("Aliases that multiply are followed no further than the limit", .timeLimit(.minutes(10)))
  func aliasBomb() {
    let names = Array("abcdefghij")
    var lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for (previous, name) in zip(names, names.dropFirst()) {
      let aliases = [String](repeating: "*\(previous)", count: 9).joined(separator: ", ")
      lines.append("\(name): &\(name) [\(aliases)]")
    }
    let error = #expect(throws: SpecificationError.self) {
      try ModelSpecification(lines.joined(separator: "\n"), file: "bomb.yaml")
    }
    #expect(error?.problem == "the file holds more than 10000 values")
  }

  @Test("Aliases of a long list as a key end in time", .timeLimit(.minutes(10)))
  func aliasesInKey() {
    let items = [String](repeating: "x", count: 20_000).joined(separator: ",")
    let yaml = """
      a: &a [\(items)]
      b: &b [*a, *a, *a]
      c: &c [*b, *b, *b]
      d: &d [*c, *c, *c]
      e: &e [*d, *d, *d]
      ? *e
      : 1
      """
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification(yaml, file: "bomb.yaml") }
    #expect(error?.problem == "the file holds more than 10000 values")
  }

  @Test(
    "An alias of the list it is in is an error with its place", arguments: ["[*a]", "{b: *a}", "[[x, *a]]"])
  func aliasOfItself(of list: String) {
    let error = #expect(throws: SpecificationError.self) {
      try ModelSpecification("name: x\nlayers: &a \(list)", file: "ring.yaml")
    }
    #expect(error?.description.hasPrefix("ring.yaml:2:") == true)
    #expect(error?.problem == "more than 100 lists and mappings in each other")
  }

  @Test("A few aliases are what they stand for")
  func aliases() throws {
    let yaml = """
      layers:
        - conv2D: &block {filters: 4, kernel: 3, padding: same}
        - conv2D: *block
        - flatten
        - dense: {units: classes}
      """
    let model = try ModelSpecification(yaml).makeModel(classes: 2, input: [5, 5, 1])
    #expect(model.layers[1].description == "Conv2D(4, kernel: 3x3, padding: same)")
  }

  @Test("Ten thousand brackets", .timeLimit(.minutes(10)))
  func nesting() {
    let error = #expect(throws: SpecificationError.self) {
      try ModelSpecification(String(repeating: "[", count: 10_000), file: "deep.yaml")
    }
    #expect(error?.problem.hasPrefix("not valid YAML: ") == true)
  }
}
