import Foundation
import LockstepData
import Testing

@Suite("training curves")
struct TrainingCurvesTests {
  private func train(_ arguments: String..., in sandbox: Sandbox) throws -> Outcome {
    try sandbox.run("train", ["--data", "data", "--model", "model.yaml", "--output", "run"] + arguments)
  }

  @Test("a run leaves its loss and accuracy as a drawing and as an image, and says where")
  func drawn() throws {
    let sandbox = Sandbox()
    let outcome = try train(in: sandbox)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("\ncurves    run/curves.svg\n"))
    let drawing = try sandbox.text("run/curves.svg")
    for text in ["Loss of run", "Accuracy of run", "training", "test", "epoch"] {
      #expect(drawing.contains(">\(text)<"), "\(text)")
    }
    #expect(drawing.contains("prefers-color-scheme:dark"))
    let image = try PNGDecoder().header(of: sandbox.bytes("run/curves.png"))
    #expect(image.width == 1520 && image.height == 1760)
  }

  @Test("every epoch has a row, and the curves end where the last one does")
  func epochs() throws {
    let sandbox = Sandbox()
    #expect(try train("--quiet", in: sandbox).code == 0)
    let rows = try sandbox.text("run/epochs.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows[0] == ["epoch", "step", "loss", "accuracy", "test_loss", "test_accuracy"])
    #expect(rows.dropFirst().map { $0[0] } == ["1", "2", "3"])
    #expect(rows.dropFirst().map { $0[1] } == ["5", "10", "15"])
    let result = try #require(try sandbox.record("run")["result"] as? [String: Any])
    // The reader of JSON may be off in the last bit.
    for (column, name) in [(2, "trainLoss"), (4, "testLoss"), (5, "testAccuracy")] {
      let recorded = try #require(result[name] as? Double)
      #expect(abs(try #require(Double(rows[3][column])) - recorded) < 1e-12, "\(name)")
    }
    let loss = String(format: "%.4f", try #require(result["testLoss"] as? Double))
    #expect(try sandbox.text("run/curves.svg").contains("after the last epoch it is \(loss) on test images"))
  }

  @Test("a run that goes on has the epochs from before, as one that never stopped")
  func resumed() throws {
    let sandbox = Sandbox()
    #expect(try train("--quiet", in: sandbox).code == 0)
    #expect(try sandbox.run("train", ["--resume", "run", "--epochs", "5", "--quiet"]).code == 0)
    try sandbox.train("--output", "whole", "--epochs", "5", "--quiet")
    #expect(try sandbox.text("run/epochs.csv") == sandbox.text("whole/epochs.csv"))
  }

  @Test("an average of the weights has columns and curves of its own, with the numbers of the record")
  func average() throws {
    let sandbox = Sandbox()
    #expect(try train("--quiet", "--ema", "0.5", in: sandbox).code == 0)
    let rows = try sandbox.text("run/epochs.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(
      rows[0] == [
        "epoch", "step", "loss", "accuracy", "test_loss", "test_accuracy", "test_ema_loss",
        "test_ema_accuracy",
      ])
    #expect(rows.count == 4 && rows.allSatisfy { $0.count == 8 })
    let result = try #require(try sandbox.record("run")["result"] as? [String: Any])
    for (column, name) in [
      (4, "testLoss"), (5, "testAccuracy"), (6, "averageTestLoss"), (7, "averageTestAccuracy"),
    ] {
      let recorded = try #require(result[name] as? Double)
      #expect(abs(try #require(Double(rows[3][column])) - recorded) < 1e-12, "\(name)")
    }
    #expect(rows[3][4] != rows[3][6], "the average is another model")
    let drawing = try sandbox.text("run/curves.svg")
    let averaged = drawing.ranges(of: ">test, averaged weights<").count
    #expect(averaged > 0 && averaged == drawing.ranges(of: ">test<").count, "both charts have it")
    #expect(drawing.contains(" % with averaged weights; the best epoch has "))
  }

  @Test("without an average there is nothing of one")
  func noAverage() throws {
    let sandbox = Sandbox()
    #expect(try train("--quiet", in: sandbox).code == 0)
    #expect(try !sandbox.text("run/curves.svg").contains("averaged"))
  }

  @Test(
    "a run of an older version, whose epochs lack the average's numbers, goes on with empty fields for them")
  func olderAverage() throws {
    let sandbox = Sandbox()
    #expect(try train("--quiet", "--ema", "0.5", in: sandbox).code == 0)
    let old = try sandbox.text("run/epochs.csv").split(separator: "\n").map {
      $0.split(separator: ",").prefix(6).joined(separator: ",")
    }
    sandbox.write(Array((old.joined(separator: "\n") + "\n").utf8), to: "run/epochs.csv")
    let outcome = try sandbox.run("train", ["--resume", "run", "--epochs", "5", "--quiet"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let rows = try sandbox.text("run/epochs.csv").split(separator: "\n").map(String.init)
    #expect(rows[0] == old[0] + ",test_ema_loss,test_ema_accuracy")
    #expect(rows[1...3] == ArraySlice(old[1...3].map { $0 + ",," }))
    #expect(rows.count == 6 && rows[4...].allSatisfy { $0.split(separator: ",").count == 8 })
    #expect(try sandbox.text("run/curves.svg").contains(">test, averaged weights<"))
  }

  @Test("a run of an older version, without rows of its epochs, goes on")
  func older() throws {
    let sandbox = Sandbox()
    #expect(try train("--quiet", in: sandbox).code == 0)
    sandbox.remove("run/epochs.csv")
    #expect(try sandbox.run("train", ["--resume", "run", "--epochs", "4", "--quiet"]).code == 0)
    #expect(try sandbox.text("run/epochs.csv").split(separator: "\n").last?.hasPrefix("4,20,") == true)
  }

  @Test("--no-curves draws none")
  func none() throws {
    let sandbox = Sandbox()
    let outcome = try train("--no-curves", in: sandbox)
    #expect(outcome.code == 0 && !outcome.output.contains("curves"))
    #expect(!sandbox.exists("run/curves.svg") && !sandbox.exists("run/curves.png"))
  }

  @Test("without the program that makes images there is the drawing alone")
  func noConverter() throws {
    let sandbox = Sandbox()
    let outcome = try sandbox.run(
      "train", ["--data", "data", "--model", "model.yaml", "--output", "run"], environment: ["PATH": "/none"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(sandbox.exists("run/curves.svg") && !sandbox.exists("run/curves.png"))
  }

  @Test("curves that can't be written are a note, not a failure")
  func unwritable() throws {
    let sandbox = Sandbox()
    sandbox.makeFolder("run/curves.svg/full")
    let outcome = try train(in: sandbox)
    #expect(outcome.code == 0)
    #expect(
      outcome.errors.hasPrefix("note: the curves could not be drawn: run/curves.svg can't be written: "))
    #expect(try sandbox.record("run")["status"] as? String == "finished")
  }
}
