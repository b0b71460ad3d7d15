import Testing

@Suite("Completions in bash")
struct CompletionTests {
  /// What the shell offers after a line whose last word is being typed.
  private func offers(_ words: [String]) throws -> Set<Substring> {
    let sandbox = Sandbox()
    sandbox.write(Sandbox.png(), to: "image.png")
    sandbox.write([], to: "model.yaml")
    let script = try sandbox.run("lockstep", ["--generate-completion-script", "bash"]).output
    sandbox.write(Array(script.utf8), to: "completion.bash")
    // A shell that completes has the words in an array, and calls the function that was registered.
    let line = words.map { "'\($0)'" }.joined(separator: " ")
    let program = """
      source completion.bash
      COMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1)
      COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      _lockstep lockstep '\(words.last!)' '\(words[words.count - 2])' 2>/dev/null
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try sandbox.run("/bin/bash", ["-c", program])
    return Set(outcome.output.split(separator: "\n").map { $0.last == " " ? $0.dropLast() : $0 })
  }

  @Test("name commands, options and backends")
  func words() throws {
    #expect(try offers(["lockstep", "ev"]) == ["evaluate"])
    #expect(try offers(["lockstep", "train", "--learning"]).contains("--learning-rate"))
    #expect(try offers(["lockstep", "evaluate", "--backend", "em"]) == ["emulated-x86", "emulated-arm64"])
    #expect(try offers(["lockstep", "evaluate", "--cpu-profile", "ro"]) == ["rosetta2-launch"])
    #expect(try offers(["lockstep", "evaluate", "--translator", "va"]) == ["valgrind"])
  }

  @Test("name files of the kind that is wanted")
  func files() throws {
    #expect(try offers(["lockstep", "train", "--model", "mo"]) == ["model.yaml"])
    #expect(try offers(["lockstep", "train", "--model", "im"]).isEmpty)
  }
}
