import Foundation
import Testing

@Suite("train with varied images")
struct AugmentationCommandTests {
  private static let settings = """
      augment: {crop: 1, flip: horizontal, rotate: 5, erase: 0.25, mixup: 0.2}
      normalize: measured
      classWeights: balanced

    """

  private static func sandbox() -> Sandbox {
    let sandbox = Sandbox()
    sandbox.write(Array((Sandbox.model + settings).utf8), to: "model.yaml")
    return sandbox
  }

  private static func configuration(_ run: String, _ sandbox: Sandbox) throws -> [String: Any] {
    try #require(try sandbox.record(run)["configuration"] as? [String: Any])
  }

  @Test("the model file's settings are recorded as numbers, and options go over them")
  func recorded() throws {
    let sandbox = Self.sandbox()
    let outcome = try sandbox.train("--output", "run", "--erase", "0.5", "--flip", "both")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let configuration = try Self.configuration("run", sandbox)
    let augmentation = try #require(configuration["augmentation"] as? [String: Any])
    #expect(augmentation["crop"] as? Int == 1 && augmentation["flip"] as? String == "both")
    #expect(augmentation["erasing"] as? Double == 0.5 && augmentation["mixup"] as? Double == 0.2)
    let normalization = try #require(configuration["normalization"] as? [String: Any])
    let mean = try #require((normalization["mean"] as? [Double])?.first)
    #expect((0.2...0.5).contains(mean))
    #expect(configuration["classWeights"] as? [Double] == [1, 1, 1])
    #expect(
      outcome.output.contains(
        "\nimages    crop 1, flip both, rotate 5.0, erase 0.5, mixup 0.2; normalised by mean 0."))
  }

  @Test("--no-augment, --normalize none and --class-weights none give the training without settings")
  func off() throws {
    let sandbox = Self.sandbox()
    try sandbox.train(
      "--quiet", "--output", "off", "--no-augment", "--normalize", "none", "--class-weights", "none")
    sandbox.write(Array(Sandbox.model.utf8), to: "model.yaml")
    try sandbox.train("--quiet", "--output", "plain")
    #expect(try sandbox.digest("off") == sandbox.digest("plain"))
  }

  @Test("a stopped run goes on with what it had, and ends as one that was never stopped")
  func resume() throws {
    let sandbox = Self.sandbox()
    try sandbox.train("--quiet", "--output", "run", "--epochs", "2")
    #expect(try sandbox.run("train", ["--resume", "run", "--epochs", "4", "--quiet"]).code == 0)
    try sandbox.train("--quiet", "--output", "whole", "--epochs", "4")
    #expect(try sandbox.digest("run") == sandbox.digest("whole"))
  }

  @Test("evaluate and predict normalise as the training did")
  func normalised() throws {
    let sandbox = Self.sandbox()
    try sandbox.train(
      "--quiet", "--output", "run", "--no-augment", "--epochs", "20", "--learning-rate", "0.05")
    let result = try #require(try sandbox.record("run")["result"] as? [String: Any])
    let evaluated = try sandbox.run("lockstep", ["evaluate", "run", "--json"])
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect(json["loss"] as? Double == result["testLoss"] as? Double)
    let predicted = try sandbox.run("lockstep", ["predict", "run", "data/test/bee/1.png"])
    #expect(predicted.output.contains("data/test/bee/1.png  bee "), "\(predicted.output)")
  }

  @Test(
    "settings that make no sense are a usage error",
    arguments: [
      (["--crop", "4"], "a crop's padding of 4 would leave nothing of images of 4x4"),
      (["--crop", "-1"], "the crop's padding must be from 0 to 1000 pixels, not -1"),
      (["--rotate", "200"], "the rotation must be from 0 to 180 degrees, not 200.0"),
      (["--erase", "1.5"], "erasing must be from 0 to 1, not 1.5"),
      (["--mixup", "-1"], "mixup needs a number from 0 to 1000, not -1.0"),
      (["--class-weights", "1,2"], "there are 2 class weights for 3 classes"),
      (
        ["--normalize", "0.5,0.5/1,1"],
        "the normalisation has 2 means and 2 deviations, the images have 1 channels"
      ),
      (["--no-augment", "--crop", "1"], "--crop and --no-augment contradict each other: leave one out"),
    ])
  func nonsense(arguments: [String], message: String) throws {
    let sandbox = Sandbox()
    let before = sandbox.everything
    let outcome = try sandbox.run("train", ["--data", "data", "--model", "model.yaml"] + arguments)
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(outcome.errors == "error: \(message)\n       see train --help\n")
    #expect(sandbox.everything == before)
  }

  @Test(
    "values that can't be read are named",
    arguments: [
      (["--flip", "sideways"], "'sideways' is no direction; there are none, horizontal, vertical and both"),
      (
        ["--normalize", "0.5"],
        "--normalize takes measured, none, or means/deviations such as 0.286/0.353, not '0.5'"
      ),
      (["--normalize", "0/0"], "a standard deviation must be a number above 0, not 0.0"),
      (
        ["--class-weights", "heavy"],
        "--class-weights takes balanced, none, or numbers such as 1,2,0.5, not 'heavy'"
      ),
    ])
  func unreadable(arguments: [String], message: String) throws {
    let outcome = try Sandbox().run("train", arguments)
    #expect(outcome.code == 2 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
