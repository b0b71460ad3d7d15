import Synchronization

/// The record of a computation, in the order it was made: flat arrays, without closures or pointers to
/// parents, so that freeing it never recurses.
///
/// A tape is finished when its gradients have been computed; what is done later with a tensor it tracked is
/// not recorded.
final class Tape: Sendable {
  /// An operation that was applied to a tracked tensor. The tensors it keeps are not tracked themselves:
  /// the tape does not own itself through them.
  struct Record: Sendable {
    let operation: Operation
    let inputs: [Tensor]
    let outputs: [Tensor]
    /// For every input the node its gradient goes to, nil where none is wanted.
    let inputNodes: [Int?]
    /// For every output the node its gradient comes from, nil where none flows.
    let outputNodes: [Int?]
    let layer: String
  }

  private struct State {
    var records: [Record] = []
    var nodeCount = 0
    var isFinished = false

    mutating func makeNode() -> Int {
      nodeCount += 1
      return nodeCount - 1
    }
  }

  private let state = Mutex(State())

  /// Whether operations are still recorded.
  var isRecording: Bool { state.withLock { !$0.isFinished } }

  /// The same tensor, tracked by this tape.
  func tracking(_ tensor: Tensor) -> Tensor {
    tensor.tracked(by: TapeNode(tape: self, index: state.withLock { $0.makeNode() }))
  }

  /// Records an operation if one of its inputs is tracked and gives its outputs back, tracked where gradients
  /// can flow through them.
  static func record(
    _ operation: Operation, _ inputs: [Tensor], _ outputs: [Tensor], _ origin: Origin
  ) -> [Tensor] {
    var recording: Tape?
    for case let tape? in inputs.lazy.map(\.node?.tape) where tape !== recording && tape.isRecording {
      trap(
        unless: recording == nil,
        "\(operation.name): an operand is tracked by another gradient, \(Tape.nestingAdvice)")
      recording = tape
    }
    guard let recording, outputs.contains(where: \.dtype.isFloatingPoint) else { return outputs }
    return recording.append(operation, inputs, outputs, origin)
  }

  /// What to do instead of nesting gradients.
  static let nestingAdvice = "and gradients can't be nested: take detached() of what comes from the outer one"

  private func append(
    _ operation: Operation, _ inputs: [Tensor], _ outputs: [Tensor], _ origin: Origin
  ) -> [Tensor] {
    let inputNodes = inputs.map { index(of: $0) }
    let kept = inputs.map { $0.detached() }
    let outputNodes = state.withLock { state in
      let nodes = outputs.map { $0.dtype.isFloatingPoint ? state.makeNode() : nil }
      state.records.append(
        Record(
          operation: operation, inputs: kept, outputs: outputs, inputNodes: inputNodes, outputNodes: nodes,
          layer: origin.layer))
      return nodes
    }
    return outputs.indices.map { output in
      outputs[output].tracked(by: outputNodes[output].map { TapeNode(tape: self, index: $0) })
    }
  }

  /// The node of a tensor that this tape tracks.
  private func index(of tensor: Tensor) -> Int? {
    tensor.node.flatMap { $0.tape === self ? $0.index : nil }
  }

  /// Ends the recording and gives out what was recorded; the tape keeps nothing.
  @discardableResult
  func finish() -> (records: [Record], nodeCount: Int) {
    state.withLock { state in
      defer { state.records = [] }
      state.isFinished = true
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
    let upstream = record.outputNodes.map { node in node.flatMap { gradients[$0] } }
    for case let node? in record.outputNodes { gradients[node] = nil }
    guard upstream.contains(where: { $0 != nil }) else { return }
    for case (let node?, let contribution?) in zip(record.inputNodes, pullback(record, upstream)) {
      gradients[node] = gradients[node].map { $0 + contribution } ?? contribution
    }
  }
}

/// A place on a tape: what a tensor's gradient is added up under.
struct TapeNode: Sendable {
  let tape: Tape
  let index: Int
}
