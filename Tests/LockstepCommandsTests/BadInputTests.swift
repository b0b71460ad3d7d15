import Foundation
import LockstepData
import Testing

/// Something that is wrong, and what `train` says of it.
struct BadInput: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Makes it wrong.
  var prepare: @Sendable (Sandbox) -> Void = { _ in }
  /// What is given besides data and model.
  var arguments: [String] = []
  /// The line, without `error: `.
  let message: String
  var code: Int32 = 1
}

@Suite("Bad input")
struct BadInputTests {
  /// The first bytes of a JPEG.
  private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8)

  /// A PNG that promises an image of any size and holds nothing of it, with correct check sums.
  private static func bomb(_ side: UInt32) -> [UInt8] {
    func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian, Array.init) }
    func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(kind.utf8) + data
      let sum = ~body.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
          value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
      }
      return bigEndian(UInt32(data.count)) + body + bigEndian(sum)
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bigEndian(side) + bigEndian(side) + [8, 6, 0, 0, 0])
      + chunk("IDAT", [0x78, 0x9C, 0x63, 0, 0]) + chunk("IEND", [])
  }

  private static let images: [BadInput] = [
    .init(
      testDescription: "missing folder", prepare: { $0.remove("data") }, message: "no such folder: data"),
    .init(
      testDescription: "empty folder",
      prepare: {
        $0.remove("data")
        $0.makeFolder("data")
      }, message: "no class folders in data: expected data/<class>/*.png"),
    .init(
      testDescription: "a file instead of a folder",
      prepare: {
        $0.remove("data")
        $0.write([1], to: "data")
      }, message: "no such folder: data"),
    .init(
      testDescription: "no PNGs",
      prepare: {
        $0.remove("data/train/bee")
        $0.write([1], to: "data/train/bee/notes.txt")
      }, message: "no PNG files in data/train/bee: add some, or remove the folder"),
    .init(
      testDescription: "one class",
      prepare: { sandbox in for name in ["bee", "cat"] { sandbox.remove("data/train/\(name)") } },
      message: "only one class, ant, in data/train: a classifier needs two or more"),
    .init(
      testDescription: "train and test differ", prepare: { $0.remove("data/test/cat") },
      message: "train and test of data must have the same classes: only in train: cat"),
    .init(
      testDescription: "no test part", prepare: { $0.remove("data/test") },
      message: "data has a folder train but no test: add data/test/<class>/*.png, or use data/train with "
        + "--validation-split"),
    .init(
      testDescription: "images of different sizes",
      prepare: { $0.writeImage("data/train/bee/2.png", width: 5) },
      message: "images of different sizes: data/train/ant/0.png is 4x4, data/train/bee/2.png is 5x4; use "
        + "--resize 4x4 to bring all to one size"),
    .init(
      testDescription: "JPEG named .png, strict",
      prepare: { $0.write(jpeg, to: "data/train/bee/2.png") }, arguments: ["--strict"],
      message: "data/train/bee/2.png: not a PNG: it looks like a JPEG"),
    .init(
      testDescription: "truncated, strict",
      prepare: { $0.write(Sandbox.png().dropLast(20), to: "data/test/bee/1.png") }, arguments: ["--strict"],
      message:
        "data/test/bee/1.png: truncated PNG: it ends after \(Sandbox.png().count - 20) bytes, within the "
        + "image"),
    .init(
      testDescription: "empty file, strict",
      prepare: { $0.write([], to: "data/test/bee/1.png") }, arguments: ["--strict"],
      message: "data/test/bee/1.png: not a PNG: it is empty"),
    .init(
      testDescription: "header bomb, strict",
      prepare: { $0.write(bomb(100_000), to: "data/train/bee/2.png") }, arguments: ["--strict"],
      message: "data/train/bee/2.png: PNG of 100000x100000 pixels: more than the limit of "
        + "\(PNGDecoder.defaultPixelLimit) pixels"),
    .init(
      testDescription: "nothing usable in a class",
      prepare: { sandbox in for i in 0..<6 { sandbox.write(jpeg, to: "data/train/bee/\(i).png") } },
      message:
        "none of the 6 PNG files in data/train/bee can be used; the first: data/train/bee/0.png: not a "
        + "PNG: it looks like a JPEG"),
    .init(
      testDescription: "a line break in a name",
      prepare: { $0.write(jpeg, to: "data/train/bee/x\ny.png") }, arguments: ["--strict"],
      message: "data/train/bee/x y.png: not a PNG: it looks like a JPEG"),
  ]

  private static func model(_ layers: String) -> @Sendable (Sandbox) -> Void {
    { $0.write(Array("name: m\nlayers:\n\(layers)\n".utf8), to: "model.yaml") }
  }

  private static let models: [BadInput] = [
    .init(
      testDescription: "no model", prepare: { $0.remove("model.yaml") },
      message: "model.yaml: No such file or directory"),
    .init(
      testDescription: "unknown layer", prepare: model("  - flatten\n  - dens: {units: classes}"),
      message: "model.yaml:4:5: unknown layer 'dens'; did you mean 'dense'?"),
    .init(
      testDescription: "unknown key", prepare: model("  - flatten\n  - dense: {unit: classes}"),
      message: "model.yaml:4:13: unknown key 'unit' of dense; did you mean 'units'?"),
    .init(
      testDescription: "not YAML", prepare: model("  - dense: {units: 3"),
      message: "model.yaml:4:1: "),
    .init(
      testDescription: "sizes that don't fit",
      prepare: model("  - conv2D: {filters: 2, kernel: 9}\n  - flatten\n  - dense: {units: classes}"),
      message: "model.yaml:3:5: layer layers.0, "),
    .init(
      testDescription: "no vectors for a dense layer", prepare: model("  - dense: {units: classes}"),
      message: "model.yaml:3:5: layer layers.0, Dense(3): needs vectors [inputs], not [4, 4, 1]; a Flatten "
        + "before it makes them"),
    .init(
      testDescription: "another number of results than classes",
      prepare: model("  - flatten\n  - dense: {units: 7}"),
      message: "model.yaml:4:5: the last layer gives [7], but 3 classes need [3]; end with dense: {units: "
        + "classes}"),
    .init(
      testDescription: "images of another size than the model's",
      prepare: { $0.write(Array("input: [8, 8, 1]\n\(Sandbox.model)".utf8), to: "model.yaml") },
      message: "model.yaml:1:8: the model is for examples [8, 8, 1], the data set has [4, 4, 1]"),
  ]

  private static func option(_ arguments: String..., message: String) -> BadInput {
    .init(testDescription: arguments.joined(separator: " "), arguments: arguments, message: message, code: 2)
  }

  private static let options: [BadInput] = [
    option("--learning-rate", "0", message: "the learning rate must be a number above 0, not 0.0"),
    option("--learning-rate", "-1", message: "the learning rate must be a number above 0, not -1.0"),
    option("--learning-rate=-0.1", message: "the learning rate must be a number above 0, not -0.1"),
    option("--learning-rate", "nan", message: "the learning rate must be a number above 0, not nan"),
    option("--learning-rate", "inf", message: "the learning rate must be a number above 0, not inf"),
    option("--learning-rate", "fast", message: "The value 'fast' is invalid for '--learning-rate <number>'"),
    option("--learning-rate", message: "Missing value for '--learning-rate <number>'"),
    option("--momentum", "1", message: "momentum must be at least 0 and below 1, not 1.0"),
    option("--momentum", "0", "--nesterov", message: "Nesterov's momentum needs a momentum above 0"),
    option("--weight-decay", "-1", message: "weight decay must be a number of at least 0, not -1.0"),
    option("--label-smoothing", "2", message: "label smoothing must be at least 0 and at most 1, not 2.0"),
    option("--epochs", "0", message: "epochs must be at least 1, not 0"),
    option("--tensorboard", "events", "--epochs", "0", message: "epochs must be at least 1, not 0"),
    option("--epochs", "-2", message: "epochs must be at least 1, not -2"),
    option("--epochs", "1.5", message: "The value '1.5' is invalid for '--epochs <number>'"),
    option("--batch-size", "0", message: "the batch size must be at least 1, not 0"),
    option("--seed", "-1", message: "The value '-1' is invalid for '--seed <number>'"),
    option("--threads", "0", message: "--threads must be between 1 and 1024, not 0"),
    option("--threads", "-1", message: "--threads must be between 1 and 1024, not -1"),
    option("--threads", "5000", message: "--threads must be between 1 and 1024, not 5000"),
    option("--backend", "gpu", message: "there is no backend 'gpu'; the backends are native, "),
    option("--resize", "0x4", message: "--resize takes a size such as 28x28, not '0x4'"),
    option("--resize", "big", message: "--resize takes a size such as 28x28, not 'big'"),
    option("--channels", "2", message: "--channels must be 1, 3 or 4, not 2"),
    option(
      "--learning-rte", "1", message: "Unknown option '--learning-rte'. Did you mean '--learning-rate'?"),
    option("extra", message: "Unexpected argument 'extra'"),
    option("--optimizer", "adm", message: "--optimizer: unknown optimizer 'adm'; did you mean 'adam'?"),
    option(
      "--optimizer", "adam,beta1=2", message: "--optimizer: beta1 must be at least 0 and less than 1, not 2"),
    option(
      "--optimizer", "adam", "--momentum", "0.5",
      message: "--momentum is for sgd; adam has numbers of its own, see docs/training.md"),
    option("--schedule", "cosin", message: "--schedule: unknown schedule 'cosin'; did you mean 'cosine'?"),
    option("--schedule", "step", message: "--schedule: step needs the key 'every'"),
    option(
      "--warmup-epochs", "1", "--warmup-steps", "4",
      message: "a warm-up has --warmup-epochs or --warmup-steps, not both"),
    option(
      "--warmup-epochs", "3", message: "the warm-up must be shorter than the training: it has 3 epochs of 3"),
    option(
      "--warmup-factor", "0", message: "the factor of the warm-up must be above 0 and at most 1, not 0.0"),
    option("--clip-norm", "-1", message: "gradients can be clipped to a norm above 0, not -1.0"),
    option("--clip-value", "nan", message: "gradients can be clipped to a value above 0, not nan"),
    option("--accumulate", "0", message: "a step needs the gradients of at least 1 batch, not 0"),
    option("--ema", "1", message: "the decay of the average must be at least 0 and below 1, not 1.0"),
    option(
      "--freeze", "layer.1.*", message: "no parameter matches 'layer.1.*'; did you mean 'layers.1.*'?"),
    option("--freeze", "*", message: "everything is frozen: there is nothing left to learn"),
    option("--group", "weightDecay=0", message: "--group: a group needs the key 'parameters'"),
    option(
      "--group", "parameters=*.bais,weightDecay=0",
      message: "no parameter matches '*.bais'; did you mean '*.bias'?"),
    option("--best-by", "f1", message: "--best-by must be accuracy or loss, not 'f1'"),
    option(
      "--early-stopping", "5",
      message: "--early-stopping: '5' should be a key with its value, such as patience=5"),
    option(
      "--early-stopping", "metric=loss", message: "--early-stopping: early stopping needs the key 'patience'"),
    option("--checkpoint-every", "0", message: "a checkpoint can be saved every 1 step or more, not every 0"),
    option("--time-limit", "5", message: "--time-limit takes a time such as 90s, 10m or 1.5h, not '5'"),
    option("--time-limit=-1s", message: "--time-limit takes a time such as 90s, 10m or 1.5h, not '-1s'"),
  ]

  private static let places: [BadInput] = [
    .init(
      testDescription: "a validation split of nothing", arguments: ["--validation-split", "0"],
      message: "a validation split of 0.0 is not between 0 and 1"),
    .init(
      testDescription: "a validation split though there is a test part",
      arguments: ["--validation-split", "0.5"],
      message: "data has its own test folder: leave out --validation-split"),
    .init(
      testDescription: "a size no memory holds", arguments: ["--resize", "9000000000"],
      message: "16 images need "),
    .init(
      testDescription: "output below a file", arguments: ["--output", "model.yaml/run"],
      message: "the output folder model.yaml/run can't be made: Not a directory"),
    .init(
      testDescription: "output is a file", arguments: ["--output", "model.yaml"],
      message: "the output folder model.yaml can't be made: Not a directory"),
    .init(
      testDescription: "output where nothing can be made", arguments: ["--output", "/proc/lockstep"],
      message: "the output folder /proc/lockstep can't be made: No such file or directory"),
  ]

  @Test("one line, an exit code, and nothing is written", arguments: images + models + options + places)
  func badInput(_ bad: BadInput) throws {
    let sandbox = Sandbox()
    bad.prepare(sandbox)
    let before = sandbox.everything
    let outcome = try sandbox.run("train", ["--data", "data", "--model", "model.yaml"] + bad.arguments)
    var lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.popLast() == "")
    if bad.code == 2 { #expect(lines.popLast() == "       see train --help") }
    #expect(lines.count == 1)
    // Messages that hold numbers of the machine, or a library's words, are given by their beginning.
    let message = bad.message.hasSuffix(" ") ? lines.first?.prefix(bad.message.count + 7) : lines.first?[...]
    #expect(message == "error: \(bad.message)")
    #expect(outcome.code == bad.code)
    #expect(outcome.output.isEmpty)
    #expect(sandbox.everything == before)
  }

  @Test("files that are no good PNG are skipped, counted and named")
  func skipped() throws {
    let sandbox = Sandbox()
    sandbox.write(Self.jpeg, to: "data/train/ant/x.png")
    sandbox.write(Sandbox.png().dropLast(20), to: "data/train/ant/y.png")
    var corrupt = Sandbox.png()
    corrupt[corrupt.count - 20] ^= 0xFF
    sandbox.write(corrupt, to: "data/test/bee/z.png")
    sandbox.write(Self.bomb(100_000), to: "data/test/bee/bomb.png")
    let outcome = try sandbox.train("--output", "run")
    #expect(outcome.code == 0)
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines.first == "skipped 4 files that are no good PNG (--strict makes them an error):")
    #expect(lines.dropFirst().first == "  data/train/ant/x.png: not a PNG: it looks like a JPEG")
    for name in [
      "data/train/ant/y.png: truncated", "data/test/bee/z.png: corrupt", "data/test/bee/bomb.png: PNG of",
    ] {
      #expect(lines.contains { $0.hasPrefix("  \(name)") }, "\(name)")
    }
    let dataset = try #require(try sandbox.record("run")["dataset"] as? [String: Any])
    #expect(dataset["skippedCount"] as? Int == 4)
    #expect(dataset["trainCount"] as? Int == 18 && dataset["testCount"] as? Int == 9)
  }

  @Test("of many skipped files five are named")
  func manySkipped() throws {
    let sandbox = Sandbox()
    for index in 0..<8 { sandbox.write(Self.jpeg, to: "data/train/ant/x\(index).png") }
    let outcome = try sandbox.train("--quiet", "--json", "--output", "run")
    #expect(outcome.errors.isEmpty, "--quiet prints only errors")
    sandbox.remove("run")
    let lines = try sandbox.train("--output", "run").errors.split(separator: "\n")
    #expect(lines.count == 7 && lines.last == "  and 3 more")
  }

  @Test("images of different sizes train with --resize, colour ones with --channels")
  func resize() throws {
    let sandbox = Sandbox()
    sandbox.writeImage("data/train/bee/2.png", label: 1, width: 7, height: 5, channels: .rgb)
    #expect(try sandbox.train("--resize", "6x5", "--channels", "1", "--output", "run").code == 0)
    let model = try #require(try sandbox.record("run")["model"] as? [String: Any])
    #expect(model["inputShape"] as? [Int] == [5, 6, 1])
  }

  @Test("without a model or data set in this folder the line says how to name one")
  func defaults() throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try sandbox.run("train", [])
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "error: models/digits-cnn.yaml is not in this folder: name another with --model, or go to Lockstep's\n"
    )
    let second = try sandbox.run("train", ["--model", "model.yaml"])
    #expect(
      second.errors
        == "error: datasets/digits is not in this folder: name another with --data, or go to Lockstep's\n")
    #expect(sandbox.everything == before)
  }

  @Test("an output that already holds a run is refused, and the run stays as it was")
  func outputTaken() throws {
    let sandbox = Sandbox()
    try sandbox.train("--quiet", "--output", "run")
    let before = try sandbox.bytes("run/run.json")
    let outcome = try sandbox.train("--output", "run/")
    #expect(outcome.code == 2)
    #expect(
      outcome.errors
        == "error: run/ already holds a run; choose another --output, or --resume it\n       see train --help\n"
    )
    #expect(try sandbox.bytes("run/run.json") == before)
  }
}
