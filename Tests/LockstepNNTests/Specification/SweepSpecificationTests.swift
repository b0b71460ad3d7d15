import LockstepSpecification
import Testing

@Suite("A file of a sweep")
struct SweepSpecificationTests {
  @Test("seeds, settings and what all runs have are told as options have them, in the file's order")
  func whole() throws {
    let yaml = """
      seeds: [3, 7..9]
      settings:
        optimizer: [sgd, {adamw: {beta2: 0.99, amsgrad: true}}, {lion: {}}]
        earlyStopping: [{patience: 5, metric: loss}]
        nesterov: [true, false]
      training:
        schedule: {multiStep: {milestones: [10, 15]}}
        data: some folder
        freeze: ["layers.0.*", layers.1]

      """
    let sweep = try SweepSpecification(yaml)
    #expect(sweep.seeds == "3,7..9")
    #expect(sweep.settings.map(\.name) == ["optimizer", "earlyStopping", "nesterov"])
    #expect(
      sweep.settings.map(\.values) == [
        ["sgd", "adamw,beta2=0.99,amsgrad=true", "lion"], ["patience=5,metric=loss"], ["true", "false"],
      ])
    #expect(sweep.training.map(\.name) == ["schedule", "data", "freeze"])
    #expect(
      sweep.training.map(\.values) == [
        ["multiStep,milestones=[10,15]"], ["some folder"], ["layers.0.*", "layers.1"],
      ])
    let error = sweep.error("no", at: sweep.settings[1])
    #expect("\(error)" == "sweep.yaml:4:3: no")
  }

  @Test("options made of values are understood as the model file's values are")
  func sameMeaning() throws {
    let sweep = try SweepSpecification("settings: {optimizer: [{adamw: {beta2: 0.9, epsilon: 1e-6}}]}")
    let model = try ModelSpecification(
      "{layers: [flatten, dense: {units: classes}], training: {optimizer: {adamw: {beta2: 0.9, epsilon: 1e-6}}}}"
    )
    #expect(try OptionText.optimizer(sweep.settings[0].values[0]) == model.training.optimization.optimizer)
  }

  @Test("seeds alone are a sweep, and so are settings")
  func parts() throws {
    let seeds = try SweepSpecification("seeds: 0..4")
    #expect(seeds.seeds == "0..4" && seeds.settings.isEmpty && seeds.training.isEmpty)
    let settings = try SweepSpecification("settings: {momentum: [0.5]}")
    #expect(settings.seeds == nil && settings.settings.count == 1)
  }

  /// Each with the one line it gets; of what YAML's own parser says, the beginning.
  private static let mistakes: [(yaml: String, message: String)] = [
    ("", "s.yaml: the file is empty; a sweep needs at least 'settings:' or 'seeds:'"),
    ("hello", "s.yaml:1:1: the sweep needs keys with values, not 'hello'"),
    ("seed: 3", "s.yaml:1:1: unknown key 'seed' of the sweep; did you mean 'seeds'?"),
    ("training: {epochs: 1}", "s.yaml:1:1: the sweep needs the key 'settings' or 'seeds'"),
    ("seeds: []", "s.yaml:1:8: seeds needs a list of numbers, or a range such as 0..4, not a list"),
    ("seeds: [0, {a: 1}]", "s.yaml:1:8: seeds needs a list of numbers, or a range such as 0..4, not a list"),
    ("seeds: few", "s.yaml:1:8: seeds needs a list of numbers, or a range such as 0..4, not 'few'"),
    ("settings:", "s.yaml:1:10: settings needs names with values, not nothing"),
    ("settings: {}", "s.yaml:1:11: settings needs names with values, not none"),
    ("settings: [momentum]", "s.yaml:1:11: settings needs names with values, not a list"),
    ("settings:\n  momentum: []", "s.yaml:2:13: momentum needs at least one value"),
    (
      "settings:\n  momentum: 0.5",
      "s.yaml:2:13: momentum needs a list of values, such as [0.5, …], not '0.5'"
    ),
    ("settings:\n  momentum: [0.5, ]\n  epochs: [1, ~]", "s.yaml:3:15: epochs needs a value, not nothing"),
    (
      "settings:\n  momentum: [0.5, [0.6]]",
      "s.yaml:2:19: a value of momentum must be a word, a number or keys, not a list"
    ),
    (
      "settings:\n  momentum: [0.5]\n  momentum: [0.6]",
      "s.yaml:3:3: the key 'momentum' occurs twice in one mapping"
    ),
    (
      "settings:\n  optimizer: [{adam: {beta1: {x: 1}}}]",
      "s.yaml:2:30: beta1 must be a word, a number or a list of them, not a mapping"
    ),
    ("settings: [\n", "s.yaml:2:1: not valid YAML: "),
    (String(repeating: "#", count: 70_000), "s.yaml: the file has more than 64 KiB; is it a sweep?"),
  ]

  @Test("Every mistake is one line with its place", arguments: mistakes.indices)
  func mistake(index: Int) {
    let (yaml, message) = Self.mistakes[index]
    let error = #expect(throws: SpecificationError.self) { try SweepSpecification(yaml, file: "s.yaml") }
    let text = error?.description ?? ""
    #expect(message.hasSuffix(": ") ? text.hasPrefix(message) : text == message)
    #expect(!text.contains("\n"))
  }
}
