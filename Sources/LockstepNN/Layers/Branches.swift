import LockstepCore

// What Add, Concatenate and Residual share: lists of layers that begin with the same input, called branches.0, branches.1, ….
extension Layer {
  /// Builds every branch and gives the shape behind it.
  func outputs(of branches: [[any Layer]], input: Shape) throws(ModelError) -> [Shape] {
    guard branches.count >= 2 else { throw misfit("needs at least two branches, not \(branches.count)") }
    try requireAgreement(of: branches)
    var outputs: [Shape] = []
    for (index, branch) in branches.enumerated() {
      outputs.append(try shapes(of: branch, "branches.\(index)", input: input).last ?? input)
    }
    return outputs
  }

  /// What every branch makes of a batch.
  func call(_ branches: [[any Layer]], _ x: Tensor, _ context: ForwardContext) -> [Tensor] {
    branches.enumerated().map { context.call($1, "branches.\($0)", x) }
  }

  /// Whether the branches begin with a layer that takes indices.
  func takeIndices(_ branches: [[any Layer]]) -> Bool {
    branches.contains { $0.first?.takesIndices ?? false }
  }

  /// Throws where some branches take indices and others real numbers: one input can't be both.
  func requireAgreement(of branches: [[any Layer]]) throws(ModelError) {
    let kinds = Set(branches.map { $0.first?.takesIndices ?? false })
    guard kinds.count <= 1 else { throw misfit("some of its branches take indices, others real numbers") }
  }
}
