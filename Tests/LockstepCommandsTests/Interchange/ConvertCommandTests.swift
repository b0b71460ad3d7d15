import Foundation
import Testing

@Suite("lockstep convert")
struct ConvertCommandTests {
  @Test("a state dict becomes weights and a state dict again, byte for byte", arguments: ["plain", "mixed"])
  func roundTrip(name: String) throws {
    let sandbox = Sandbox(hasData: false)
    let there = try sandbox.convertGolden(name)
    #expect(there.code == 0 && there.errors.isEmpty, "\(there.errors)")
    #expect(there.output.hasPrefix("weights.safetensors: weights for Lockstep, "))
    let options = PyTorchGoldenFiles.subject(name)
    let back = try sandbox.run(
      "lockstep", ["convert", "weights.safetensors", "--to", "pytorch", "pt.safetensors"] + options)
    #expect(back.code == 0 && back.errors.isEmpty, "\(back.errors)")
    #expect(back.output.hasPrefix("pt.safetensors: a state dict for PyTorch, "))
    let again = try sandbox.run(
      "lockstep", ["convert", "pt.safetensors", "--from", "pytorch", "again.safetensors"] + options)
    #expect(again.code == 0, "\(again.errors)")
    #expect(try sandbox.bytes("again.safetensors") == sandbox.bytes("weights.safetensors"))
  }

  @Test("what a state dict can't hold is said: how images are to be normalised")
  func normalization() throws {
    let sandbox = Sandbox()
    try sandbox.train("--epochs", "1", "--output", "run", "--quiet", "--normalize", "0.3/0.25")
    let outcome = try sandbox.run("lockstep", ["convert", "run", "--to", "pytorch", "pt.safetensors"])
    #expect(outcome.code == 0)
    #expect(
      outcome.errors == "note: the net wants images that are normalised: mean 0.3000, deviation 0.2500\n")
  }

  @Test("a run is converted by its own model, with the names of a file")
  func run() throws {
    let sandbox = Sandbox()
    try sandbox.train("--epochs", "1", "--output", "run", "--quiet")
    sandbox.write(Array("# ours  theirs\nlayers.1  hidden\nlayers.3  head\n".utf8), to: "names.txt")
    let outcome = try sandbox.run(
      "lockstep", ["convert", "run", "--to", "pytorch", "pt.safetensors", "--names", "names.txt"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == "pt.safetensors: a state dict for PyTorch, 4 tensors\n")
    let header = String(decoding: try sandbox.bytes("pt.safetensors").dropFirst(8).prefix(400), as: UTF8.self)
    #expect(
      header.hasPrefix(#"{"__metadata__":{"format":"pt"},"hidden.weight":{"dtype":"F32","shape":[8,16]"#))
    let back = try sandbox.run(
      "lockstep",
      [
        "convert", "pt.safetensors", "--from", "pytorch", "--model", "run", "back.safetensors", "--names",
        "names.txt",
      ])
    #expect(back.code == 0, "\(back.errors)")
    #expect(try sandbox.bytes("back.safetensors") == sandbox.bytes("run/final.safetensors"))
  }

  @Test(
    "what can't be is said in a line, and nothing is written",
    arguments: [
      (["run", "out"], 2, "say which way: --to pytorch, or --from pytorch"),
      (
        ["run", "out", "--to", "pytorch", "--from", "pytorch"], 2,
        "say which way: --to pytorch, or --from pytorch"
      ),
      (["run", "out", "--to", "keras"], 2, "The value 'keras' is invalid for '--to <format>'"),
      (
        ["model.yaml", "out", "--from", "pytorch"], 2,
        "model.yaml is no run: name the model with --model, a run or a YAML file"
      ),
      (
        ["model.yaml", "out", "--from", "pytorch", "--model", "model.yaml"], 2,
        "say how many classes the model in model.yaml has: --classes"
      ),
      (
        ["model.yaml", "out", "--from", "pytorch", "--model", "model.yaml", "--classes", "3"], 2,
        "say what images the model in model.yaml takes: --input, such as 28x28x1"
      ),
      (
        [
          "model.yaml", "out", "--from", "pytorch", "--model", "model.yaml", "--classes", "3", "--input",
          "4xx1",
        ], 2,
        "--input takes a shape such as 28x28x1, not '4xx1'"
      ),
      (
        [
          "model.yaml", "out", "--from", "pytorch", "--model", "model.yaml", "--classes", "3", "--input",
          "4x4x1",
        ],
        1, "model.yaml is not a sound safetensors file: "
      ),
      (["run", "out", "--to", "pytorch", "--classes", "3"], 2, "--classes and --input are for a YAML file"),
      (
        ["run/final.safetensors", "out", "--to", "pytorch", "--weights", "best", "--model", "run"], 2,
        "--weights"
      ),
      (
        ["run/final.safetensors", "out", "--from", "pytorch", "--model", "run"], 1,
        "run/final.safetensors: the model has no place for layers.1.weight of the state dict"
      ),
    ] as [([String], Int32, String)])
  func badInput(arguments: [String], code: Int32, problem: String) throws {
    let sandbox = Sandbox()
    try sandbox.train("--epochs", "1", "--output", "run", "--quiet")
    let before = sandbox.everything
    let outcome = try sandbox.run("lockstep", ["convert"] + arguments)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains("error: \(problem)"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(sandbox.everything == before)
  }
}
