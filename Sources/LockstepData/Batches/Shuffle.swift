internal import LockstepCore

extension Array {
  /// A permutation, each equally likely, by Fisher and Yates from the last element down. Not Swift's
  /// `shuffled(using:)`, whose algorithm may change between versions and with it every run.
  func shuffled(by random: inout RandomStream) -> [Element] {
    var result = self
    for last in stride(from: count - 1, to: 0, by: -1) {
      result.swapAt(last, random.next(below: last + 1))
    }
    return result
  }
}
