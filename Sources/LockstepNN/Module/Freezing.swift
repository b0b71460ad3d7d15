extension Module {
  /// The ``parameters`` that are not frozen: what gradients are computed for.
  public var learningParameters: [NamedParameter] { parameters.filter { !$0.parameter.isFrozen } }

  /// Freezes all in ``state`` that a pattern matches: no gradient is computed for it and no optimizer moves it. A
  /// ``BatchNorm`` that is frozen as a whole predicts while the rest trains: it takes its running statistics, and
  /// they stay.
  ///
  /// - Throws: ``PatternError`` if a pattern matches nothing; nothing is frozen then.
  public func freeze(_ patterns: [PathPattern]) throws(PatternError) {
    let state = state
    try patterns.check(against: state.map(\.name), "parameter")
    for named in state where patterns.contains(where: { $0.matches(named.name) }) {
      named.parameter.isFrozen = true
    }
  }

  /// Lets everything learn again.
  public func unfreeze() {
    for named in state { named.parameter.isFrozen = false }
  }
}
