import Foundation
import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

@Suite("docs/models.md")
struct DocumentationTests {
  private let text: String

  init() throws {
    text = try String(contentsOfFile: repositoryPath("docs/models.md"), encoding: .utf8)
  }

  /// The names in backquotes of a table's row, by column.
  private func row(_ line: Substring) -> [[String]] {
    line.split(separator: "|").map { cell in
      cell.matches(of: /`(\w+)`/).map { String($0.1) }
    }
  }

  @Test("The example is a model")
  func example() throws {
    let yaml = try #require(
      text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
    let specification = try ModelSpecification(yaml)
    #expect(specification.training.nesterov == false)
    #expect(try specification.makeModel(classes: 10, input: [8, 8, 1]).layers.count == 5)
  }

  @Test("The table has every layer")
  func layers() {
    let documented = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row($0)[0] }
    let error = #expect(throws: SpecificationError.self) {
      try ModelSpecification("layers: [nothing like it]")
    }
    #expect(error?.problem.hasSuffix("known are \(documented.joined(separator: ", "))") == true)
  }

  @Test("The table has every key of every layer")
  func keys() throws {
    for line in text.split(separator: "\n").filter({ $0.hasPrefix("| `") }) {
      let cells = row(line)
      let keys = cells.count > 1 ? cells[1] : []
      for layer in cells[0] {
        let error = #expect(throws: SpecificationError.self) {
          try ModelSpecification("layers: [{\(layer): {nothingLikeIt: 1}}]")
        }
        let known = keys.isEmpty ? "it takes none" : "known are \(keys.joined(separator: ", "))"
        #expect(error?.problem == "unknown key 'nothingLikeIt' of \(layer); \(known)")
      }
    }
  }
}
