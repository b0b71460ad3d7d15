import Synchronization

/// The record of a computation, in the order it was made: flat arrays, without closures or pointers to
/// parents, so that freeing it never recurses.
///
/// A tape is finished when its gradients have been computed; what is done later with a tensor it tracked is
/// not recorded. Until then it owns itself, through the tracked tensors it keeps: whoever makes one finishes it.
final class Tape: Sendable {
  /// An operation that was applied to a tracked tensor. Inputs and outputs stand as the operation has them, so
  /// that a record costs no arrays of its own; their nodes are of this tape or none.
  struct Record: Sendable {
    let operation: Operation
    let inputs: [Tensor]
    let outputs: [Tensor]
    let layer: String

    /// Whether anybody wants the gradient at an input.
    func wantsGradient(at input: Int) -> Bool { inputs[input].node != nil }
  }

  private struct State {
    var records: [Record] = []
    var nodeCount = 0
  }

  private let state = Mutex(State())
  private let isFinished = Atomic(false)

  /// Whether operations are still recorded.
  var isRecording: Bool { !isFinished.load(ordering: .acquiring) }

  /// The same tensor, tracked by this tape.
  func tracking(_ tensor: Tensor) -> Tensor { tensor.tracked(by: makeNode(for: tensor.dtype)) }

  /// A new node, for a tensor that gradients can flow through; nil for one of another type.
  func makeNode(for dtype: DType) -> TapeNode? {
    guard dtype.isFloatingPoint else { return nil }
    let index = state.withLock { state in
      defer { state.nodeCount += 1 }
      return state.nodeCount
    }
    return TapeNode(tape: self, index: index)
  }

  /// The tape that is to record an operation, if one of its inputs is tracked and gradients can flow through
  /// an output.
  static func recorder(of operation: Operation, _ inputs: [Tensor], isDifferentiable: Bool) -> Tape? {
    var recorder: Tape?
    for input in inputs {
      guard let tape = input.node?.tape, tape !== recorder, tape.isRecording else { continue }
      trap(
        unless: recorder == nil,
        "\(operation.name): an operand is tracked by another gradient, \(Tape.nestingAdvice)")
      recorder = tape
    }
    return isDifferentiable ? recorder : nil
  }

  /// What to do instead of nesting gradients.
  static let nestingAdvice = "and gradients can't be nested: take detached() of what comes from the outer one"

  /// Records an operation whose outputs this tape tracks.
  func append(_ operation: Operation, _ inputs: [Tensor], _ outputs: [Tensor], _ origin: Origin) {
    // Of a tape that is finished there may be tensors left: to this one they are constants.
    let isForeign = inputs.contains { $0.node != nil && index(of: $0) == nil }
    let kept = isForeign ? inputs.map { index(of: $0) == nil ? $0.detached() : $0 } : inputs
    let record = Record(operation: operation, inputs: kept, outputs: outputs, layer: origin.layer)
    state.withLock { $0.records.append(record) }
  }

  /// The node of a tensor that this tape tracks.
  private func index(of tensor: Tensor) -> Int? {
    tensor.node.flatMap { $0.tape === self ? $0.index : nil }
  }

  /// Ends the recording and gives out what was recorded; the tape keeps nothing.
  @discardableResult
  func finish() -> (records: [Record], nodeCount: Int) {
    isFinished.store(true, ordering: .releasing)
    return state.withLock { state in
      defer { state.records = [] }
      return (state.records, state.nodeCount)
    }
  }

  /// The gradients of a scalar at every node of `targets`; zeros where it doesn't depend on them. Finishes
  /// the tape.
  func gradients(of value: Tensor, at targets: [Tensor]) -> [Tensor] {
    var (records, nodeCount) = finish()
    return Origin.$current.withValue(Origin(phase: .backward)) {
      var gradients = [Tensor?](repeating: nil, count: nodeCount)
      if let node = index(of: value) {
        gradients[node] = .ones(value.shape, dtype: value.dtype, on: value.device)
      }
      while let layer = records.last?.layer {
        // Entering an origin costs as much as an operation, so the records of a layer share it.
        Origin.$current.withValue(Origin(layer: layer, phase: .backward)) {
          while records.last?.layer == layer {
            // Taken off, so that the tensors it kept are freed while the rest is computed.
            propagate(records.removeLast(), &gradients)
          }
        }
      }
      return targets.map { target in
        index(of: target).flatMap { gradients[$0] }
          ?? .zeros(target.shape, dtype: target.dtype, on: target.device)
      }
    }
  }

  /// Moves the gradients at a record's outputs to its inputs.
  private func propagate(_ record: Record, _ gradients: inout [Tensor?]) {
    var isReached = false
    let upstream = record.outputs.map { output -> Tensor? in
      guard let node = output.node?.index, let gradient = gradients[node] else { return nil }
      gradients[node] = nil
      isReached = true
      return gradient
    }
    guard isReached else { return }
    for (input, contribution) in zip(record.inputs, pullback(record, upstream)) {
      guard let node = input.node?.index, let contribution else { continue }
      gradients[node] = gradients[node].map { $0 + contribution } ?? contribution
    }
  }
}

/// A place on a tape: what a tensor's gradient is added up under.
struct TapeNode: Sendable {
  let tape: Tape
  let index: Int
}
