// The other direction of ``OptionText``: values as model files spell them, on one line as options have them.
extension Value {
  /// The value as an option has it: `{adamw: {beta2: 0.99}}` is `adamw,beta2=0.99`, `{patience: 5}` is
  /// `patience=5`. Nil after a problem was reported.
  func optionText(of option: String, _ reader: Reader) -> String? {
    switch content {
    case .scalar(let text):
      if isEmpty {
        reader.report(position, "\(option) needs a value, not nothing")
        return nil
      }
      return text
    case .list:
      reader.report(position, "a value of \(option) must be a word, a number or keys, not a list")
      return nil
    case .mapping(let entries):
      if entries.count == 1, case .mapping(let keys) = entries[0].value.content {
        return joined([entries[0].key] + keys.map { $0.optionText(reader) })
      }
      if entries.isEmpty {
        reader.report(position, "\(option) needs a value, not nothing")
        return nil
      }
      return joined(entries.map { $0.optionText(reader) })
    }
  }

  private func joined(_ parts: [String?]) -> String? {
    let known = parts.compactMap(\.self)
    return known.count == parts.count ? known.joined(separator: ",") : nil
  }
}

extension Value.Entry {
  /// The key and its value, such as `beta2=0.99` or `milestones=[10,15]`.
  fileprivate func optionText(_ reader: Reader) -> String? {
    let texts = (value.items ?? [value]).map { item -> String? in
      // What separates parts of an option can't be in one.
      guard let text = item.text, !item.isEmpty, !text.contains(where: { ",[]".contains($0) }) else {
        return nil
      }
      return text
    }
    guard texts.allSatisfy({ $0 != nil }) else {
      reader.report(value.position, "\(key) must be a word, a number or a list of them, not \(value.quoted)")
      return nil
    }
    let list = texts.compactMap(\.self).joined(separator: ",")
    return "\(key)=\(value.items == nil ? list : "[\(list)]")"
  }
}
