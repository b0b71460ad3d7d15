import LockstepBackends
import LockstepCore

/// What is found in one instruction.
struct InstructionFinding {
  let place: InstructionPlace
  let difference: OutputDifference
  let flip: Flip?
  let loss: PairedValue?
  /// The judgements of the first and the second backend; nil if the instruction was not judged.
  let judgements: (first: OperationJudgement, second: OperationJudgement)?
  let closeness: Closeness?
  private let shapes: [Shape]

  init(
    _ execution: LockstepExecution, at place: InstructionPlace, oracle: OperationOracle?
  ) throws(BackendError) {
    self.place = place
    let (first, second) = (execution.outputs, execution.secondOutputs)
    shapes = first.map(\.spec.shape)
    difference = OutputDifference(first, second)
    flip = try execution.flips(at: place)
    loss = Self.loss(execution)
    guard let oracle else {
      judgements = nil
      closeness = nil
      return
    }
    let exact = try oracle.exactResults(
      of: execution.instruction.operation, inputs: try execution.inputs, outputs: first.map(\.spec))
    let judgement = exact.judge(first)
    judgements = (judgement, first == second ? judgement : exact.judge(second))
    closeness = difference.count == 0 ? nil : exact.closeness(of: first, second)
  }

  /// The mean loss of the batch, which is the last scalar of the loss' forward pass.
  private static func loss(_ execution: LockstepExecution) -> PairedValue? {
    let origin = execution.instruction.origin
    guard origin.layer == "loss", origin.phase == .forward, let first = execution.outputs.first,
      let own = execution.ownOutputs.first, first.spec.dtype.isFloatingPoint, first.spec.shape.count == 1
    else { return nil }
    return PairedValue(first.reals[0], own.reals[0])
  }

  func add(to report: inout DifferenceReport, row: Int) {
    let step = report.steps.count - 1
    report.instructionCount += 1
    if let loss { report.steps[step].loss = loss }
    if let flip {
      report.steps[step].flipCount += flip.count
      report.firstFlip = report.firstFlip ?? flip
    }
    if difference.count > 0 {
      report.differingInstructionCount += 1
      report.steps[step].differingInstructionCount += 1
      report.firstDifference = report.firstDifference ?? described
    }
    if report.firstFault == nil { report.firstFault = fault }
    add(to: &report.rows[row])
  }

  private func add(to row: inout DifferenceReport.Row) {
    row.instructionCount += 1
    row.elementCount += difference.elementCount
    row.differingElementCount += difference.count
    if difference.count > 0 { row.differingInstructionCount += 1 }
    let isNumber = difference.histogram.nonFiniteCount == 0
    row.largestUlps = max(row.largestUlps, isNumber ? difference.histogram.largest : .infinity)
    if let closeness { row.closeness += closeness }
    guard let judgements else { return }
    row.judgedCount += 1
    row.first.add(judgements.first)
    row.second.add(judgements.second)
  }

  private var described: Difference? {
    guard let (output, element, values) = difference.first else { return nil }
    return Difference(
      place: place, elementCount: difference.elementCount, histogram: difference.histogram, output: output,
      index: shapes[output].index(of: element), values: values, firstJudgement: judgements?.first,
      secondJudgement: judgements?.second, closeness: closeness)
  }

  private var fault: FaultyResult? {
    guard let judgements else { return nil }
    for (side, judgement) in [(LockstepSide.first, judgements.first), (.second, judgements.second)]
    where judgement.band == .red {
      return FaultyResult(side: side, place: place, judgement: judgement)
    }
    return nil
  }
}
