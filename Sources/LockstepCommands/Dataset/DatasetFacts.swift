import Lockstep
import LockstepCore
import LockstepData
import LockstepReports

/// What there is to know of a data set, for a person and as JSON.
struct DatasetFacts: Encodable {
  /// So many files and pairs of images are named for a person; JSON has all.
  private static let namedLimit = 5

  /// A class, and how many images it has.
  struct Class: Encodable {
    let name: String
    let train: Int
    let test: Int
  }

  /// A file that could not be used.
  struct Unusable: Encodable {
    let path: String
    let reason: String
  }

  /// An image that is there more than once.
  struct Repeat: Encodable {
    let image: String
    let sameAs: String
    let isContradiction: Bool
  }

  let path: String
  let digest: String
  let trainDigest: String
  let testDigest: String
  let trainCount: Int
  let testCount: Int
  let height: Int
  let width: Int
  let channels: Int
  let classes: [Class]
  let mean: [Double]
  let standardDeviation: [Double]
  let byteCount: Int
  let isStreamed: Bool
  let skipped: [Unusable]
  let ignoredCount: Int
  let repeatedInTrain: Int
  let repeatedInTest: Int
  let leaks: [Repeat]
  let contradictions: [Repeat]

  /// Looks at a data set.
  ///
  /// - Throws: `DatasetError` if the images are streamed and a file can't be read any more.
  init(_ data: ImageFolder, path: String) throws(DatasetError) {
    let (train, test) = (data.train, data.test)
    self.path = path
    digest = "\(data.digest)"
    (trainDigest, testDigest) = ("\(train.digest)", "\(test.digest)")
    (trainCount, testCount) = (train.count, test.count)
    (height, width, channels) = (train.height, train.width, train.channels)
    classes = zip(train.classNames, zip(train.classCounts, test.classCounts)).map { name, counts in
      Class(name: name, train: counts.0, test: counts.1)
    }
    let normalization = try Normalization(measuring: train)
    (mean, standardDeviation) = (normalization.mean, normalization.standardDeviation)
    byteCount = (train.count + test.count) * train.imageSize
    isStreamed = train.isStreamed
    skipped = data.skipped.map { Unusable(path: $0.path, reason: $0.reason) }
    ignoredCount = data.ignoredFileCount
    let repeated = try RepeatedImages(of: data)
    repeatedInTrain = repeated.count(within: .train)
    repeatedInTest = repeated.count(within: .test)
    leaks = repeated.leaks.map { Repeat($0, data) }
    contradictions = repeated.contradictions.map { Repeat($0, data) }
  }

  /// The facts and a table of the classes.
  func text(on terminal: Terminal) -> String {
    var facts = Facts(terminal)
    facts.add("data", "\(path): \(counts)")
    facts.add("digest", digest)
    facts.add("pixels", Normalization(mean: mean, standardDeviation: standardDeviation).description)
    facts.add(
      "memory",
      NumberFormat.byteCount(byteCount)
        + (isStreamed ? ", streamed: images are decoded when they are wanted" : " decoded"))
    for (index, line) in fileLines.enumerated() { facts.add(index == 0 ? "files" : "", line) }
    for (index, line) in repeatLines.enumerated() { facts.add(index == 0 ? "repeats" : "", line) }
    let table = classTable.text(width: terminal.tableWidth, style: terminal.textStyle)
    return "\(facts.text)\n\n\(table)"
  }

  /// How many images of what size in how many classes.
  var counts: String {
    "\(NumberFormat.grouped(trainCount)) training and \(NumberFormat.grouped(testCount)) test images of "
      + "\(height)x\(width)x\(channels) in \(classes.count) classes"
  }

  /// What is to be said of the files, a line each.
  var fileLines: [String] {
    let all = NumberFormat.grouped(trainCount + testCount)
    var lines = [skipped.isEmpty ? "all \(all) are good" : "\(all) are good, \(skipped.count) can't be used:"]
    lines += Self.firstOnes(skipped.map { "\($0.path): \($0.reason)" })
    if ignoredCount > 0 { lines.append("\(ignoredCount) more are no PNG files by their names") }
    return lines
  }

  /// What is to be said of images that are there more than once, a line each.
  var repeatLines: [String] {
    var lines: [String] = []
    if !leaks.isEmpty {
      lines.append(
        "\(leaks.count) test \(leaks.count == 1 ? "image is a" : "images are") training "
          + "\(leaks.count == 1 ? "image" : "images"), too:")
      lines += Self.firstOnes(leaks.map(\.text))
    }
    if !contradictions.isEmpty {
      lines.append("\(contradictions.count) repeated with another class:")
      lines += Self.firstOnes(contradictions.map(\.text))
    }
    if repeatedInTrain + repeatedInTest > 0 {
      lines.append("\(repeatedInTrain) within the training images, \(repeatedInTest) within the test images")
    }
    return lines.isEmpty ? ["no image is there twice"] : lines
  }

  private var classTable: Table {
    Table(
      "Images of each class", columns: ["class", .number("train"), .number("test")],
      rows: classes.map { item in
        [Table.Cell(item.name)]
          + [item.train, item.test].map { Table.Cell(NumberFormat.grouped($0)) }
      })
  }

  private static func firstOnes(_ lines: [String]) -> [String] {
    let named = lines.prefix(namedLimit).map { "  \($0)" }
    return lines.count > namedLimit ? named + ["  and \(lines.count - namedLimit) more"] : named
  }
}

extension DatasetFacts.Repeat {
  fileprivate init(_ item: RepeatedImages.Repeat, _ data: ImageFolder) {
    func file(_ split: Split, _ index: Int) -> String {
      (split == .train ? data.train : data.test).files[index]
    }
    image = file(item.split, item.index)
    sameAs = file(item.firstSplit, item.firstIndex)
    isContradiction = item.isContradiction
  }

  fileprivate var text: String { "\(image) is \(sameAs)" }
}
