import Foundation
import LockstepData
import Testing

@Suite("inspect")
struct InspectCommandTests {
  private static let trained: Sandbox = {
    let sandbox = Sandbox()
    let outcome = try! sandbox.train("--quiet", "--output", "run")
    atexit { try? FileManager.default.removeItem(atPath: InspectCommandTests.trained.path) }
    precondition(outcome.code == 0, outcome.errors)
    return sandbox
  }()

  private func inspect(_ arguments: String...) throws -> Outcome {
    try Self.trained.run("lockstep", ["inspect"] + arguments)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// A safetensors file of one float32 tensor.
  private func safetensors(_ numbers: [Float]) -> [UInt8] {
    let header =
      #"{"x":{"dtype":"F32","shape":[\#(numbers.count)],"data_offsets":[0,\#(4 * numbers.count)]}}"#
    return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8)
      + numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
  }

  @Test("of a run it says what was trained, how, what came of it, and what to type next")
  func run() throws {
    let outcome = try inspect("run/")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let digest = try Self.trained.digest("run")
    for line in [
      "run       run", "status    finished, 3 of 3 epochs, 15 steps", "digest    \(digest)",
      "model     tiny, images 4x4x1, 163 parameters", "data      data: 3 classes, 18 to train, 9 to test",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    let training = try #require(lines.first { $0.hasPrefix("training  ") })
    #expect(training == "training  batch size 4, epochs 3, learning rate 0.1, momentum 0.9, seed 0")
    #expect(lines.contains { $0.wholeMatch(of: /loss +\d\.\d{4} [^ ]{15} \d\.\d{4}/) != nil }, "\(lines)")
    #expect(lines.last?.hasSuffix("lockstep train --resume run --epochs 6") == true)
  }

  @Test("of a stopped run it says how to go on")
  func stopped() throws {
    let sandbox = Sandbox()
    sandbox.copy("run", of: Self.trained)
    let record = try sandbox.text("run/run.json").replacing("\"finished\"", with: "\"interrupted\"")
    sandbox.write(Array(record.utf8), to: "run/run.json")
    let outcome = try sandbox.run("lockstep", ["inspect", "run"])
    #expect(outcome.output.contains("status    interrupted, "))
    #expect(outcome.output.hasSuffix("lockstep train --resume run\n"))
    let json = try object(sandbox.run("lockstep", ["inspect", "run", "--json"]).output)
    #expect((json["resume"] as? String)?.hasSuffix("lockstep train --resume run") == true)
  }

  @Test("--json of a run has its record, its files and its losses")
  func runJSON() throws {
    let json = try object(inspect("run", "--json").output)
    #expect(json["run"] as? String == "run" && json["resume"] == nil)
    let record = try #require(json["record"] as? [String: Any])
    #expect(record["status"] as? String == "finished")
    let names = (json["files"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
    #expect(Set(names).isSuperset(of: ["final.safetensors", "metrics.csv", "run.json"]))
    let losses = try #require(json["losses"] as? [[String: Any]])
    #expect(losses.count == 15 && losses[14]["step"] as? Int == 15)
  }

  @Test("of weights it shows every tensor, and the digest sha256sum has")
  func weights() throws {
    let outcome = try inspect("run/final.safetensors")
    let digest = SHA256Digest(of: try Self.trained.bytes("run/final.safetensors"))
    #expect(outcome.output.contains("sha256    \(digest)\n"))
    #expect(outcome.output.contains("holds     4 tensors, 163 numbers, "))
    #expect(outcome.output.contains("finite    all numbers are\n"))
    for name in ["layers.1.weight", "layers.1.bias", "layers.3.weight", "layers.3.bias"] {
      #expect(outcome.output.contains("\n\(name) "))
    }
    let json = try object(inspect("run/final.safetensors", "--json").output)
    let tensors = try #require(json["tensors"] as? [[String: Any]])
    #expect(tensors.count == 4 && tensors[0]["shape"] as? [Int] == [16, 8])
    #expect(json["digest"] as? String == "\(digest)")
  }

  @Test("what is not finite is counted and named")
  func nonFinite() throws {
    let sandbox = Sandbox()
    sandbox.write(safetensors([1, .nan, 3, -.infinity]), to: "x.safetensors")
    let outcome = try sandbox.run("lockstep", ["inspect", "x.safetensors"])
    #expect(outcome.output.contains("finite    x has 1 NaN and 1 infinite\n"))
    let json = try object(sandbox.run("lockstep", ["inspect", "x.safetensors", "--json"]).output)
    let statistics = try #require((json["tensors"] as? [[String: Any]])?[0]["statistics"] as? [String: Any])
    #expect(statistics["nanCount"] as? Int == 1 && statistics["infiniteCount"] as? Int == 1)
    #expect(statistics["mean"] as? Double == 2 && statistics["maximum"] as? Double == 3)
  }

  @Test(
    "what can't be inspected is one line",
    arguments: [
      ("none", "none can't be read: No such file or directory"),
      ("data", "data holds no run: run.json can't be read: No such file or directory"),
      ("model.yaml", "model.yaml is not a sound safetensors file: the header is said to have "),
    ])
  func mistakes(path: String, message: String) throws {
    let outcome = try inspect(path)
    #expect(outcome.code == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("error: \(message)") && outcome.errors.split(separator: "\n").count == 1)
  }

  @Test(
    "on a narrow terminal no line of words is longer than it", .enabled(if: TerminalTests.hasScript),
    arguments: ["run", "run/final.safetensors"])
  func narrow(path: String) throws {
    let line = "stty cols 40; \(RunningProgram.folder)/lockstep inspect \(path)"
    let outcome = try Self.trained.run(
      TerminalTests.script, ["-qec", line, "/dev/null"], environment: ["NO_COLOR": "1", "TERM": "xterm"])
    let lines = outcome.output.split(whereSeparator: \.isNewline)
    #expect(lines.count > 10)
    // A digest or a command is a word that can't be cut.
    #expect(lines.allSatisfy { $0.count <= 40 || !$0.dropFirst(10).contains(" ") }, "\(outcome.output)")
  }
}
