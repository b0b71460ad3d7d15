import LockstepCore
import LockstepNN

// The kinds of values that are looked up in a table, or are layers.

extension ValueKind<Activation> {
  /// A name, or a name with keys, such as `{leakyReLU: {slope: 0.2}}`.
  static var activation: ValueKind {
    ValueKind(standIn: .identity) { value, _, reader in
      Maker.call(value, from: activationTable, "activation", reader)?.activation
    }
  }
}

extension ValueKind<GELUApproximation> {
  static var approximation: ValueKind {
    ValueKind("none or tanh", standIn: .none) { $0.text.flatMap(GELUApproximation.init) }
  }
}

extension ValueKind<Initializer> {
  static var initializer: ValueKind {
    ValueKind(standIn: .zeros) { value, _, reader in
      Maker.call(value, from: initializerTable, "initializer", reader)
    }
  }
}

extension ValueKind<[any Layer]> {
  /// A list of layers; they are called by `key` and their number, as ``Sequential`` calls its own.
  static var layers: ValueKind {
    ValueKind(standIn: []) { value, key, reader in
      guard let items = value.items else {
        reader.report(value.position, "\(key) needs a list of layers, not \(value.quoted)")
        return nil
      }
      guard !items.isEmpty else {
        reader.report(value.position, "\(key) needs at least one layer")
        return nil
      }
      return items.enumerated().compactMap { index, item in
        reader.readLayer("\(key).\(index)", at: item.position) {
          Maker.call(item, from: layerTable, "layer", reader)
        }
      }
    }
  }
}

extension ValueKind<[[any Layer]]> {
  /// A list of lists of layers, which are called `branches.0` and so on.
  static var branches: ValueKind {
    ValueKind(standIn: []) { value, key, reader in
      guard let items = value.items, items.count >= 2 else {
        let found = value.items.map { "a list of \($0.count)" } ?? value.quoted
        reader.report(value.position, "\(key) needs a list of at least two lists of layers, not \(found)")
        return nil
      }
      return items.enumerated().compactMap { index, item in
        ValueKind<[any Layer]>.layers.parse(item, "\(key).\(index)", reader)
      }
    }
  }
}
