import Lockstep
import Testing

@Suite("Loss curves from elsewhere")
struct CurveFileTests {
  private let folder = TemporaryFolder()

  private func curve(_ text: String, _ columns: CurveColumns = CurveColumns(), name: String = "a.csv") throws
    -> LossCurve
  {
    let curves = try CurveFile.curves(of: folder.write(text, to: name), columns)
    #expect(curves.count == 1)
    return curves[0]
  }

  @Test("Lightning's CSVLogger: rows of a validation have no loss")
  func lightning() throws {
    let text = """
      epoch,step,train_loss_epoch,train_loss_step,val_loss
      0,0,,2.3025851249694824,
      0,1,,2.25,
      0,1,,,2.2
      0,1,2.27,,
      1,2,,1.75,

      """
    let curve = try curve(text)
    #expect(curve.steps == [0, 1, 2])
    #expect(curve.losses == [2.3025851249694824, 2.25, 1.75])
    #expect(curve.epochs == [0, 0, 1])
    #expect(curve.quantum == 0 && curve.float32Bits?.count == 3 && curve.record == nil)
  }

  @Test("Keras' CSVLogger: a row an epoch, with any delimiter it may have", arguments: [",", ";", "\t"])
  func keras(delimiter: String) throws {
    let text = "epoch,accuracy,loss,val_loss\n0,0.5,1.2345678901234,1.5\n1,0.75,0.98765432109876,1.25\n"
    let curve = try curve(text.replacing(",", with: delimiter))
    #expect(curve.steps == [0, 1] && curve.epochs == [0, 1])
    #expect(curve.losses == [1.2345678901234, 0.98765432109876])
    #expect(curve.float32Bits == nil)
  }

  @Test("Weights & Biases' export: a curve for each run, not its extremes")
  func weightsAndBiases() throws {
    let text = """
      "Step","seed-3 - train/loss","seed-3 - train/loss__MIN","seed-3 - train/loss__MAX","a, ""b"" - train/loss"
      "0","2.3025851249","2.3","2.4","2.25"
      "1","2.25","2.2","2.3",""

      """
    let curves = try CurveFile.curves(of: folder.write(text, to: "wandb.csv"))
    #expect(curves.map(\.steps) == [[0, 1], [0]])
    #expect(curves[0].seed == 3 && curves[1].seed == nil)
    #expect(curves[0].label.hasSuffix("wandb.csv:seed-3") && curves[1].label.hasSuffix(":a, \"b\""))
  }

  @Test("TensorBoard's export: the clock becomes seconds a step")
  func tensorBoard() throws {
    let curve = try curve(
      "Wall time,Step,Value\n1700000000.5,10,1.5\n1700000002.5,20,1.25\n1700000003,30,1\n")
    #expect(curve.steps == [10, 20, 30] && curve.losses == [1.5, 1.25, 1])
    #expect(curve.secondsPerStep == [2, 2, 0.5])
  }

  @Test("our own metrics, with durations and epochs")
  func own() throws {
    let curve = try curve(
      "step,epoch,loss,accuracy,learning_rate,gradient_norm,seconds\n1,1,2.3,0.1,0.05,1.5,0.5\n2,1,2.25,0.1,0.05,1.5,0.25\n3,2,2.2,0.1,0.05,1,0.5\n"
    )
    #expect(curve.secondsPerStep == [0.5, 0.25, 0.5] && curve.epochSeconds == [0.75, 0.5])
    #expect(curve.losses[0] == Double(Float(2.3)), "numbers of few digits are float32 in their shortest form")
  }

  @Test("JSON lines, with NaN as Python writes it, keys in any order, and lines without a loss")
  func jsonLines() throws {
    let text = """
      {"loss": 2.302585124969482, "step": 1, "note": "x"}
      {"step": 1, "val_loss": 3}

      {"step": 2, "loss": NaN}
      {"step": 3, "loss": Infinity, "extra": {"a": [1]}}
      """
    let curve = try curve(text, name: "log.jsonl")
    #expect(curve.steps == [1, 2, 3])
    #expect(curve.losses[0] == 2.302585124969482 && curve.losses[1].isNaN && curve.losses[2] == .infinity)
  }

  @Test("CRLF, a byte-order mark, NaN and infinity, steps written as 1.0, rows in any order")
  func details() throws {
    let curve = try curve("\u{FEFF}step,loss\r\n3.0,inf\r\n1.0,NaN\r\n2,-Infinity\r\n")
    #expect(curve.steps == [1, 2, 3])
    #expect(curve.losses[0].isNaN && curve.losses[1] == -.infinity && curve.losses[2] == .infinity)
  }

  @Test("columns are those that are named")
  func named() throws {
    let text = "t,n,loss,my loss\n1,5,1,0.123456789012\n2,6,1,0.25\n"
    let curve = try curve(text, CurveColumns(step: "n", loss: "my loss", time: "t"))
    #expect(curve.steps == [5, 6] && curve.losses == [0.123456789012, 0.25])
    #expect(curve.secondsPerStep == [1, 2])
  }

  @Test("without a step column rows are steps; seeds are read from names")
  func bare() throws {
    let curve = try curve("train_loss\n2\n1\n", name: "runs/Seed_12-x.csv")
    #expect(curve.steps == [1, 2] && curve.seed == 12)
  }

  @Test("losses of few digits are known to be rounded, however their last place is written")
  func rounded() throws {
    #expect(try curve("loss\n2.3026\n0.25\n").quantum == 1e-4)
    #expect(try curve("loss\n23\n5\n").quantum == 1)
    #expect(try curve("loss\n2.3025851\n0.25\n").quantum == 0)
    #expect(try curve("loss\n1.5e-05\n2\n").quantum == 1e-6)
  }
}

@Suite("Bad loss curves")
struct BadCurveTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var columns = CurveColumns()
    let message: String

    init(_ name: String, _ text: String, _ message: String) { self.init(name, text, CurveColumns(), message) }

    init(_ name: String, _ text: String, _ columns: CurveColumns, _ message: String) {
      testDescription = name
      self.text = text
      self.columns = columns
      self.message = message
    }
  }

  static let cases: [Case] = [
    Case("nothing", "", " is empty"),
    Case("white space", "\n \r\n", " is empty"),
    Case("a header alone", "step,loss\n", " holds no losses"),
    Case("no number", "step,loss\n1,2\n2,abc\n", ":3: the loss 'abc' is not a number"),
    Case("no whole step", "step,loss\n1.5,2\n", ":2: the step '1.5' is not a whole number"),
    Case("a huge step", "step,loss\n1e300,2\n", ":2: the step '1e300' is not a whole number"),
    Case("a loss without a step", "step,loss\n,2\n", ":2: a loss without a step"),
    Case("a step twice", "step,loss\n1,2\n2,3\n1,4\n", ":4: step 1 is there already, in line 2"),
    Case("too many cells", "step,loss\n1,2,3\n", ":2: 3 cells, the first line has 2"),
    Case("an open quote", "step,loss\n1,\"2\n3,4\n", ":2: a quote that is never closed"),
    Case("text behind a quote", "step,loss\n1,\"2\"x\n", ":2: text after a closing quote"),
    Case(
      "no loss column", "step,accuracy\n1,2\n",
      ":1: no column looks like a loss; --loss-column names one of 'step', 'accuracy'"),
    Case(
      "several loss columns", "step,cls_loss,box_loss\n1,2,3\n",
      ":1: several columns may be the loss; --loss-column names one of 'cls_loss', 'box_loss'"),
    Case(
      "a missing column", "step,loss\n1,2\n", CurveColumns(loss: "los"),
      ":1: there is no column 'los'; the columns are 'step', 'loss'"),
    Case(
      "no JSON", "{\"step\": 1, \"loss\": 2}\n{oops\n",
      ":2: not a JSON object: each line must be one of its own"),
    Case(
      "JSON of another kind", "{\"loss\": 2}\n[1]\n",
      ":2: not a JSON object: each line must be one of its own"),
    Case("text for a loss", "{\"loss\": \"high\"}\n", ":1: the loss 'high' is not a number"),
    Case(
      "a picture", "\u{89}PNG\r\n\u{1A}\n" + String(repeating: "x", count: 70_000),
      ":3: a cell of 70000 bytes: this is no table of losses"),
  ]

  @Test("one line says file, line and what is wrong", arguments: cases)
  func message(_ bad: Case) {
    let folder = TemporaryFolder()
    let path = folder.write(bad.text, to: "a.csv")
    let error = #expect(throws: CurveError.self) { try CurveFile.curves(of: path, bad.columns) }
    #expect(error?.description == path + bad.message)
  }

  @Test("bytes of any kind are read or refused, never a crash")
  func noise() {
    let folder = TemporaryFolder()
    var random = RandomStream(seed: 1, purpose: .user)
    let alphabets = [Array("a1.,\"\n\r\t;{}:e-+ loss".utf8) + [0, 0xFF], Array("123,\n".utf8)]
    var readable = 0
    for index in 0..<300 {
      let alphabet = alphabets[index % 4 == 0 ? 1 : 0]
      let bytes = (0..<random.next(below: 60)).map { _ in alphabet[random.next(below: alphabet.count)] }
      let path = folder.write(Array((index % 2 == 0 ? "loss,x\n" : "{").utf8) + bytes, to: "noise")
      if (try? CurveFile.curves(of: path)) != nil { readable += 1 }
    }
    #expect((1..<300).contains(readable))
  }
}
