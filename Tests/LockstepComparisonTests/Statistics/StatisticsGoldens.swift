import Foundation

/// Tests/Goldens/statistics.json: what SciPy computed.
struct StatisticsGoldens: Decodable {
  struct Point: Decodable {
    let parameter: Double
    let x: Double
    let p: Double
  }
  struct Interval: Decodable {
    let count: Int
    let total: Int
    let confidence: Double
    let low: Double
    let high: Double
  }
  struct Discordance: Decodable {
    let first: Int
    let second: Int
    let p: Double
  }
  struct SignFlip: Decodable {
    let values: [Double]
    let p: Double
  }
  struct LargestT: Decodable {
    let rows: [[Double]]
    let p: Double
  }
  struct Groups: Decodable {
    let a: [Double]
    let b: [Double]
    let p: Double
  }
  struct Bound: Decodable {
    let differences: [Double]
    let finals: [Double]
    let bound: Double
    let seedsNeeded: Int?
  }
  struct Ratio: Decodable {
    let a: [Double]
    let b: [Double]
    let ratio: Double
    let low: Double
    let high: Double
  }
  struct Growth: Decodable {
    struct Seed: Decodable {
      let a: [Double]
      let b: [Double]
      let twins: [[Double]]
    }
    let seeds: [Seed]
    let p: Double
    let medianExcess: Double
    let excessUpperBound: Double
  }

  let studentT: [Point]
  let studentTQuantiles: [Point]
  let chiSquared: [Point]
  let chiSquaredQuantiles: [Point]
  let intervals: [Interval]
  let mcNemar: [Discordance]
  let signFlips: [SignFlip]
  let largestT: [LargestT]
  let groups: [Groups]
  let equivalence: [Bound]
  let ratios: [Ratio]
  let growth: [Growth]

  static let shared: StatisticsGoldens = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens")
    do {
      let data = try Data(contentsOf: folder.appending(path: "statistics.json"))
      return try JSONDecoder().decode(StatisticsGoldens.self, from: data)
    } catch {
      fatalError("Tests/Goldens/statistics.json can't be read: \(error)")
    }
  }()
}

/// Whether two numbers agree to a share of the larger one.
func agrees(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(abs(a), abs(b))
}
