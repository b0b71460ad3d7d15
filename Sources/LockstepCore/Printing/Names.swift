/// What to say of a name that isn't known: the nearest known one, or all of them where none is near.
package func suggestion(for name: String, among known: [String]) -> String {
  if let candidate = nearest(to: name, among: known) { return "did you mean '\(candidate)'?" }
  return "known are \(known.joined(separator: ", "))"
}

/// The known name that was probably meant, nil if none is near.
package func nearest(to name: String, among known: [String]) -> String? {
  let near = known.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
  // A third of the letters wrong is a slip; more is another word.
  guard let (candidate, distance) = near, distance <= max(1, candidate.count / 3) else { return nil }
  return candidate
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour to make one text of
/// another (optimal string alignment).
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
