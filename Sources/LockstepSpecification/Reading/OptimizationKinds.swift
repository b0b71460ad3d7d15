import LockstepNN

extension ValueKind<Int> {
  /// A whole number of at least something small.
  static func count(from least: Int) -> ValueKind {
    whole.requiring("at least \(least)") { $0 >= least }.requiring("at most 1000000") { $0 <= 1_000_000 }
  }
}

extension ValueKind<[Int]> {
  /// Whole numbers of at least 1 that rise.
  static var milestones: ValueKind {
    ValueKind("a list of whole numbers", standIn: [1], \.wholeNumbers)
      .requiring("of at least 1, and rising") { numbers in
        !numbers.isEmpty && numbers[0] >= 1 && zip(numbers, numbers.dropFirst()).allSatisfy(<)
      }
  }
}

extension ValueKind<[PathPattern]> {
  /// A pattern or a list of them.
  static var patterns: ValueKind {
    ValueKind("a pattern or a list of patterns", standIn: []) { value in
      let texts: [String?] =
        if case .list(let items) = value.content { items.map(\.text) } else { [value.text] }
      guard !texts.isEmpty, texts.allSatisfy({ $0?.isEmpty == false }) else { return nil }
      return texts.compactMap { $0.map { PathPattern($0) } }
    }
  }
}

extension ValueKind where T: CaseIterable & RawRepresentable, T.RawValue == String {
  /// One of a few words; `expected` completes "metric needs …".
  static func choice(_ expected: String) -> ValueKind {
    ValueKind(expected, standIn: T.allCases[T.allCases.startIndex]) { $0.text.flatMap(T.init(rawValue:)) }
  }
}

extension ValueKind<OptimizerKind> {
  static var optimizer: ValueKind {
    ValueKind(standIn: .sgd) { value, _, reader in
      Maker.call(value, from: optimizerTable, "optimizer", reader)
    }
  }
}

extension ValueKind<LearningRateSchedule> {
  static var schedule: ValueKind {
    ValueKind(standIn: .constant) { value, _, reader in
      Maker.call(value, from: scheduleTable, "schedule", reader)
    }
  }
}

extension ValueKind<EarlyStopping> {
  static var earlyStopping: ValueKind {
    .keys(standIn: EarlyStopping(patience: 1)) { EarlyStopping($0) }
  }
}

extension ValueKind<ParameterGroup> {
  static var group: ValueKind { .keys(standIn: ParameterGroup([])) { ParameterGroup($0) } }
}

extension ValueKind<[ParameterGroup]> {
  static var groups: ValueKind {
    ValueKind(standIn: []) { value, key, reader in
      guard case .list(let items) = value.content, !items.isEmpty else {
        reader.report(value.position, "\(key) needs a list of groups, not \(value.quoted)")
        return nil
      }
      return items.compactMap { ValueKind<ParameterGroup>.group.parse($0, "a group", reader) }
    }
  }
}

extension ValueKind {
  /// What keys make.
  fileprivate static func keys(standIn: T, _ make: @escaping (Arguments) -> T) -> ValueKind {
    ValueKind(standIn: standIn) { value, key, reader in
      let arguments = Arguments(key, value, reader)
      defer { arguments.finish() }
      return make(arguments)
    }
  }
}
