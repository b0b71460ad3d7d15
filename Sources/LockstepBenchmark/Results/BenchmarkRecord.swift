public import LockstepComparison
public import LockstepCore
import LockstepData
import LockstepTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A run of benchmarks: what `lockstep bench --json` prints and `--compare` reads.
///
/// Names and meanings stay within a ``formatVersion``; fields may be added. All times are seconds.
public struct BenchmarkRecord: Codable, Hashable, Sendable {
  /// What is in ``format`` of every such record.
  public static let formatName = "lockstep-bench"
  /// The version this code writes and reads.
  public static let currentVersion = 1

  /// Tells these records from other JSON.
  public var format = BenchmarkRecord.formatName
  /// The version of the format.
  public var formatVersion = BenchmarkRecord.currentVersion
  /// The suite: `ops`, `train` or `seeds`.
  public var suite: String
  /// When it began, in ISO 8601.
  public var startedAt: String
  /// The program that measured.
  public var lockstepVersion: String
  /// Whether the program was compiled without optimisation: such times are worth nothing.
  public var isDebugBuild: Bool
  /// The machine, when it began.
  public var machine: MachineDescription
  /// What computed, one for each number of threads.
  public var backends: [BackendDescriptor] = []
  /// What the machine can do, one for each number of threads; measured in this run.
  public var peaks: [MachinePeak] = []
  /// What was measured, in this order.
  public var benchmarks: [Benchmark] = []
  /// What was not, and why.
  public var omissions: [Omission] = []

  /// What became of it since an earlier run, if that was asked for.
  public var comparison: BenchmarkComparison?

  /// Begins a record of a suite on this machine.
  public init(suite: String) {
    self.suite = suite
    startedAt = Date().formatted(.iso8601)
    lockstepVersion = LockstepVersion.current
    isDebugBuild = Build.isDebug
    machine = .current
  }

  /// Reads a record.
  ///
  /// - Throws: ``BenchmarkRecordError`` if the file can't be read, or is something else.
  public init(contentsOf path: String) throws(BenchmarkRecordError) {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(path)
    } catch {
      throw BenchmarkRecordError("\(path) can't be read: \(error)")
    }
    guard let header = try? JSON.decode(Header.self, from: bytes), header.format == Self.formatName else {
      throw BenchmarkRecordError("\(path) is not what lockstep bench --json prints")
    }
    guard header.formatVersion == Self.currentVersion else {
      throw BenchmarkRecordError(
        "\(path) has format \(header.formatVersion), this Lockstep reads format \(Self.currentVersion)")
    }
    do {
      self = try JSON.decode(BenchmarkRecord.self, from: bytes)
    } catch {
      throw BenchmarkRecordError("\(path) is damaged: it is not a whole record of lockstep bench")
    }
  }

  /// What every version of the format has.
  private struct Header: Decodable {
    let format: String
    let formatVersion: Int
  }

  /// The record as JSON, keys sorted.
  public var json: String { JSON.encode(self) }

  /// The peak of a number of threads.
  func peak(threads: Int) -> MachinePeak? { peaks.first { $0.threads == threads } }
}

/// Why a file is not a record of benchmarks.
public struct BenchmarkRecordError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file and what is wrong, in a line.
  public let description: String

  init(_ description: String) { self.description = description }
}
