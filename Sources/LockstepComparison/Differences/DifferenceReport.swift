public import LockstepCore

/// Where two backends part in a training, and whether each computes as it should.
public struct DifferenceReport: Codable, Hashable, Sendable {
  /// The backend whose numbers the training uses.
  public var first: BackendDescriptor
  /// The one beside it.
  public var second: BackendDescriptor
  /// What the initial weights, the order of the images and dropout are a function of.
  public var seed: UInt64
  /// How many steps were asked for.
  public var plannedStepCount: Int
  /// How many steps, from the first, were held against the exact results.
  public var judgedStepCount: Int
  /// The steps that were computed.
  public var steps: [Step] = []
  /// Instructions that both executed.
  public var instructionCount = 0
  /// Those whose results differ from the same inputs.
  public var differingInstructionCount = 0
  /// The first of them.
  public var firstDifference: Difference?
  /// The first result of either backend that no rounding explains.
  public var firstFault: FaultyResult?
  /// The first unit that decides otherwise, each backend going its own way.
  public var firstFlip: Flip?
  /// What was found in each operation of each layer, in the order of the first step.
  public var rows: [Row] = []
  /// Why the training ended before its last step; nil if it did not.
  public var failure: String?

  /// The worst band either backend is in; nil where nothing was judged.
  public var worstBand: OperationBand? { rows.compactMap(\.worstBand).max() }

  /// The first step, not before the first flip, whose losses are ten times as far apart as rounding had them
  /// before; nil if there is none. Not every flip has consequences.
  public var partingStep: Int? {
    guard let flip = firstFlip?.place.step else { return nil }
    // A loss is rounded, too.
    let rounding = steps.filter { $0.step < flip }.map { max($0.lossDifference ?? 0, $0.lossRounding) }.max()
    guard let rounding = rounding ?? steps.first?.lossRounding else { return nil }
    return steps.first { $0.step >= flip && $0.lossDifference ?? 0 > 10 * rounding }?.step
  }
}

extension DifferenceReport {
  /// A step.
  public struct Step: Codable, Hashable, Sendable {
    /// Which, from 1.
    public var step: Int
    /// The loss on each backend's own stream, before the step.
    public var loss: PairedValue?
    /// Instructions whose results differ from the same inputs.
    public var differingInstructionCount = 0
    /// Units that decide otherwise on the two streams.
    public var flipCount = 0

    /// How far apart the losses are.
    public var lossDifference: Double? { loss.map { ($0.first - $0.second).magnitude } }

    /// The distance of neighbouring numbers of single precision at the loss.
    var lossRounding: Double { loss.map { Double(Float($0.first).ulp) } ?? 0 }
  }

  /// An operation of a layer in a phase, over all steps.
  public struct Row: Codable, Hashable, Sendable {
    /// What it is.
    public var kind: InstructionKind
    /// How often it was executed.
    public var instructionCount = 0
    /// How often its results differed.
    public var differingInstructionCount = 0
    /// Elements of its results.
    public var elementCount = 0
    /// Elements that differed.
    public var differingElementCount = 0
    /// The largest distance of two results, in representable numbers.
    public var largestUlps = 0.0
    /// How often it was held against the exact results.
    public var judgedCount = 0
    /// How the first backend computes it.
    public var first = Quality()
    /// How the second one does.
    public var second = Quality()
    /// Who is closer to the exact results.
    public var closeness = Closeness()

    /// The worse of the two bands; nil where nothing was judged.
    public var worstBand: OperationBand? {
      judgedCount == 0 ? nil : max(first.band, second.band)
    }
  }

  /// How good a backend's results are.
  public struct Quality: Codable, Hashable, Sendable {
    /// The worst band.
    public var band = OperationBand.green
    /// The largest ρ.
    public var worstRho = 0.0
    /// The number of terms K of the worst result.
    public var terms = 0
    /// Elements that are amber.
    public var amberCount = 0
    /// Elements that are red.
    public var redCount = 0

    mutating func add(_ judgement: OperationJudgement) {
      band = max(band, judgement.band)
      amberCount += judgement.amberCount
      redCount += judgement.redCount
      let rho = judgement.worst?.rho ?? 0
      if rho > worstRho || terms == 0 {
        worstRho = max(rho, worstRho)
        terms = judgement.terms
      }
    }
  }
}
