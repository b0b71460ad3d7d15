@testable import LockstepCommands
@testable import LockstepComparison
import LockstepReports
import Testing

@Suite("The conclusion says what the figures say")
struct ConclusionTests {
  private func conclusion(_ change: (inout ExperimentRecord) throws -> Void = { _ in }) throws -> Conclusion {
    var record = try Figures.record()
    try change(&record)
    return Conclusion(record)
  }

  private func text(_ change: (inout ExperimentRecord) throws -> Void = { _ in }) throws -> String {
    let conclusion = try conclusion(change)
    return ([conclusion.headline] + conclusion.paragraphs).joined(separator: "\n")
  }

  @Test("translation innocent, kernels not")
  func innocent() throws {
    let conclusion = try conclusion()
    #expect(
      conclusion.headline
        == "Translation changes no bit, the choice of kernels does; under qemu a step takes 150 times as long."
    )
    #expect(conclusion.tone == .good)
    let text = conclusion.paragraphs.joined(separator: "\n")
    #expect(text.contains("Trained twice natively, each of the 3 seeds gives the same bits."))
    #expect(
      text.contains(
        "Under qemu (3 seeds, 40 steps) every loss and the weights are, bit for bit, those of the same kernels untranslated."
      ))
    #expect(text.contains("3 of 3 seeds part, the first at step 3"))
    #expect(text.contains("(EQUIVALENT (rounding), over 3 seeds)"))
    #expect(text.contains("bits change with the kernels and never with translation"))
    #expect(text.contains("look at the kernels that the CPU shown selects"))
  }

  @Test("translation guilty: said first, and nobody is sent to the kernels")
  func guilty() throws {
    let conclusion = try conclusion { record in
      record.comparisons[2] = try Figures.judgement(
        .translation, Figures.control, Figures.emulated, firstDifference: 4, verdict: .equivalent)
      record.square = Figures.square(translation: [false, false], kernels: [true, true])
    }
    #expect(conclusion.headline.hasPrefix("Translation changes bits; "))
    #expect(conclusion.tone == .bad)
    let text = conclusion.paragraphs.joined(separator: "\n")
    #expect(
      text.contains(
        "Under qemu the bits are not those of the same kernels untranslated: 3 of 3 seeds part, the first at step 5."
      ))
    #expect(text.contains("bits change with translation and never with the kernels"))
    #expect(!text.contains("look at the kernels"))
    #expect(!text.contains("bit for bit"))
  }

  @Test("equal losses and other weights are no equal bits")
  func weights() throws {
    let text = try text { record in
      record.comparisons[2] = try Figures.judgement(
        .translation, Figures.control, Figures.emulated, hasSameWeights: false)
    }
    #expect(
      text.contains("Translation changes bits")
        && text.contains("the losses are the same, the weights are not"))
  }

  @Test("what was not compared is neither equal nor different")
  func nothingCompared() throws {
    let conclusion = try conclusion { record in
      record.comparisons[2].pairs = record.comparisons[2].pairs.map {
        .init(seed: $0.seed, stepCount: 0, firstDifference: nil, hasSameWeights: nil)
      }
    }
    let text = ([conclusion.headline] + conclusion.paragraphs).joined(separator: "\n")
    #expect(conclusion.tone == .caution)
    #expect(text.contains("Whether translation changes bits is not shown"))
    #expect(!text.contains("look at the kernels") && !text.contains("bit for bit"))
  }

  @Test("kernels that change nothing are not accused")
  func sameKernels() throws {
    let text = try text { record in
      record.comparisons[1] = try Figures.judgement(.dispatch, Figures.native, Figures.control)
      record.square = Figures.square(translation: [true, true], kernels: [true, true])
    }
    #expect(text.contains("Neither translation nor the choice of kernels changes a bit"))
    #expect(text.contains("no bits change at all") && !text.contains("look at the kernels"))
  }

  @Test("a square with an edge out of line is told edge by edge")
  func mixedSquare() throws {
    let text = try text { $0.square = Figures.square(translation: [true, false], kernels: [false, true]) }
    #expect(
      text.contains(
        "bits change in 1 of 2 cases where the kernels change, and in 1 of 2 where translation does"))
  }

  @Test("what does not repeat itself ascribes nothing")
  func notRepeatable() throws {
    let conclusion = try conclusion { record in
      record.comparisons[0] = try Figures.judgement(
        .repetition, Figures.native, "native, again", firstDifference: 0, verdict: .diverged)
    }
    #expect(conclusion.headline.hasPrefix("The same training does not give the same bits twice"))
    #expect(conclusion.tone == .bad)
    #expect(conclusion.paragraphs.joined().contains("can't be ascribed to anything"))
    #expect(!conclusion.paragraphs.joined().contains("look at the kernels"))
  }

  @Test("curves that part too fast are a fault, and undecided ones nothing at all")
  func verdicts() throws {
    func dispatch(_ verdict: Verdict, steps: Int = 40) throws -> Conclusion {
      try conclusion { record in
        record.comparisons[1] = try Figures.judgement(
          .dispatch, Figures.native, Figures.control, firstDifference: 2, steps: steps, verdict: verdict)
      }
    }
    let diverged = try dispatch(.diverged)
    #expect(diverged.tone == .bad)
    #expect(diverged.paragraphs.joined().contains("part as no rounding explains (DIVERGED: because)"))
    let inconclusive = try dispatch(.inconclusive)
    #expect(inconclusive.paragraphs.joined().contains("is not shown (INCONCLUSIVE: because)"))
    #expect(!inconclusive.paragraphs.joined().contains("EQUIVALENT"))
    let short = try dispatch(.equivalent, steps: 19)
    #expect(short.paragraphs.joined().contains("have 19 steps in common, too few for a verdict"))
    #expect(!short.paragraphs.joined().contains("EQUIVALENT"))
  }

  @Test("without a translator nothing is said of translation")
  func noTranslator() throws {
    let conclusion = try conclusion { record in
      record.engines[2] = EngineRecord(
        name: Figures.emulated, isTranslated: true, backend: nil, startupSeconds: nil, problem: "gone",
        install: "apt-get it")
      record.comparisons.removeSubrange(2...)
      record.curves.removeLast()
      record.square = nil
      record.times = [
        TimeFactors(stages: Array(record.times[0].engines.prefix(3)) + [nil], translator: nil)
      ]
    }
    #expect(
      conclusion.headline
        == "Other kernels change bits; on control-x86 (rosetta2-launch) a step takes 3.00 times as long.")
    #expect(conclusion.tone == .neutral)
    let text = conclusion.paragraphs.joined(separator: "\n")
    #expect(text.contains("Not run here: emulated-x86 (qemu, rosetta2-launch) (to install it: apt-get it)."))
    #expect(text.contains("So nothing is said about translation."))
    #expect(!text.lowercased().contains("bit for bit"))
  }

  @Test("an experiment that was interrupted, or cut, says so at the beginning")
  func incomplete() throws {
    let conclusion = try conclusion { record in
      record.status = .interrupted
      record.curves[2] = Figures.curves(Figures.emulated, steps: 7, wanted: 920)
    }
    #expect(
      conclusion.paragraphs[0].hasPrefix("The experiment was interrupted; this is what there was by then."))
    #expect(conclusion.paragraphs[0].contains("There was time for 7 of 920 steps under qemu."))
  }

  @Test("an experiment without results has no findings")
  func empty() throws {
    let conclusion = try conclusion { record in
      (record.comparisons, record.times, record.curves) = ([], [], [])
      record.square = nil
    }
    #expect(conclusion.headline == "Bits were not compared; times were not compared.")
    #expect(conclusion.paragraphs.isEmpty && conclusion.tone == .neutral)
  }

  @Test("time is ascribed to the factor that takes it")
  func time() throws {
    let translation = try text()
    #expect(
      translation.contains(
        "× 1.50 for the worker process (protocol), × 2.00 for the other kernels (dispatch), × 50.0 for translation."
      ))
    #expect(translation.contains("Nearly all of that is translation."))
    let dispatch = try text { $0.times = [Figures.times(protocol: 1.5, dispatch: 8, translation: 1.2)] }
    #expect(
      dispatch.contains("Nearly all of that is dispatch.")
        || dispatch.contains("The largest part of that is dispatch."))
    #expect(!dispatch.contains("that is translation"))
    let noise = try text { $0.times = [Figures.times(protocol: 1.005, dispatch: 2, translation: 50)] }
    #expect(noise.contains("for the worker process (protocol) (not to be told from × 1)"))
    let nothing = try text { $0.times = [Figures.times(protocol: 1, dispatch: 1, translation: 1)] }
    #expect(nothing.contains("takes as long as natively, as far as can be told"))
    #expect(!nothing.contains("of that is"))
  }
}

@Suite("The conclusion on many seeds")
struct FateConclusionTests {
  private func text(_ change: (inout ExperimentRecord) throws -> Void) throws -> String {
    var record = try Figures.record()
    try change(&record)
    return Conclusion(record).paragraphs.joined(separator: "\n")
  }

  private func row(_ failed: Int, of count: Int, from: Int = 0) -> String {
    String((0..<count).map { $0 >= from && $0 < from + failed ? "F" : "." })
  }

  @Test("seeds that change fate both ways change no rate")
  func chaos() throws {
    let text = try text {
      $0.divergence = Figures.divergence([
        (Figures.native, row(10, of: 40)), (Figures.control, row(10, of: 40, from: 5)),
      ])
    }
    #expect(
      text.contains(
        "10 of 40 seeds fail natively (25 %; 13 % to 41 % of all seeds would), with other kernels 10."))
    #expect(text.contains("up to 10 of 40 change fate (with the kernels of rosetta2-launch)"))
    #expect(
      text.contains(
        "That more or fewer fail was not found (McNemar's test, smallest p = 1.000); a difference of up to"))
    #expect(!text.contains("differs, too"))
  }

  @Test("seeds that change fate one way are a difference, with who fails")
  func oneSided() throws {
    let text = try text {
      $0.divergence = Figures.divergence([
        (Figures.native, row(2, of: 40)), (Figures.control, row(20, of: 40)),
      ])
    }
    #expect(
      text.contains(
        "How many fail differs, too: 18 fail with the kernels of rosetta2-launch alone, 0 natively alone (McNemar's test, p < 0.001)."
      ))
    #expect(!text.contains("not found"))
  }

  @Test("the limit of significance is divided among the pairs")
  func severalPairs() throws {
    // p = 0.031 once: of five kernel sets one is like this by chance.
    let others = (0..<5).map { ("native (\($0))", $0 == 0 ? row(6, of: 40) : row(0, of: 40)) }
    let text = try text { $0.divergence = Figures.divergence([(Figures.native, row(0, of: 40))] + others) }
    #expect(text.contains("was not found (McNemar's test, smallest p = 0.031)"))
  }

  @Test("no change of fate is no proof: what could be missed is said")
  func unchanged() throws {
    let text = try text {
      $0.divergence = Figures.divergence([(Figures.native, "F..."), (Figures.control, "F...")])
    }
    #expect(text.contains("No seed's fate changed with the kernels."))
    #expect(text.contains("a difference of up to 60 % could have been missed"))
  }

  @Test("chaos is ascribed to decisions only where a smooth model has none")
  func decisions() throws {
    #expect(
      try text { $0.chaos = Figures.chaos(1e-2, smooth: 1e-6) }.contains(
        "decide differently after a rounding, which is chaos and no fault"))
    for (original, smooth) in [(1e-6, 2e-6), (1e-6, 1e-2), (2e-6, 1e-6)] {
      let text = try text { $0.chaos = Figures.chaos(original, smooth: smooth) }
      #expect(text.contains("that decisions make curves part was not reproduced here"))
    }
    #expect(try text { $0.chaos = Figures.chaos(0, smooth: 0) }.contains("do not part within 2 steps"))
    #expect(try !text { $0.chaos = Figures.chaos(1e-2, smooth: nil) }.contains("tanh"))
  }
}
