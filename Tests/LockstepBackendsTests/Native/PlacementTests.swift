#if os(Linux)
  import Foundation
  import LockstepBackends
  import LockstepConformance
  import LockstepCore
  import Testing

  /// Which processors the threads of a backend may run on, as the system has it.
  @Suite("Where threads run")
  struct PlacementTests {
    /// By thread of this process, the processors that it may run on.
    private static func allowed() throws -> [String: Set<Int>] {
      var result: [String: Set<Int>] = [:]
      for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
        // A thread may end before it is asked.
        let status = (try? String(contentsOfFile: "/proc/self/task/\(thread)/status", encoding: .utf8)) ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
        else { continue }
        let ranges = line.split(separator: "\t")[1].split(separator: ",").map {
          $0.split(separator: "-").compactMap { Int($0) }
        }
        result[thread] = Set(ranges.flatMap { $0[0]...$0[$0.count - 1] })
      }
      return result
    }

    /// Processors that a backend finds, which a quota may make fewer than those it may run on.
    private static let processors = (try? NativeBackend())?.descriptor.threads ?? 1

    /// Adds numbers, in many tasks.
    private static func compute(threads: Int) throws -> [String: Set<Int>] {
      let backend = try NativeBackend(threads: threads)
      let twos = [Int64](repeating: 2, count: 100_000)
      let numbers = TensorValue(TensorSpec([twos.count], .int64), integers: twos)
      let sums = try backend.outputs(of: .binary(.add), [numbers, numbers])
      #expect(sums[0].prefix(2) == [4, 0])
      return try allowed()
    }

    @Test(
      "a worker keeps off the processor of whoever calls; nobody else's is changed",
      .enabled(if: processors >= 2, "there is one processor"))
    func worker() async {
      await #expect(processExitsWith: .success) {
        let all = try #require(try Self.allowed().values.first)
        let changed = try Self.compute(threads: 2).filter { $0.value != all }
        #expect(changed.count == 1)
        #expect(changed.first?.value.isSubset(of: all) == true && changed.first?.value.count == all.count - 1)
        #expect(changed.first?.key != "\(getpid())")
      }
    }

    @Test("where there are more threads than processors they share them all")
    func many() async {
      await #expect(processExitsWith: .success) {
        let all = try #require(try Self.allowed().values.first)
        #expect(try Self.compute(threads: all.count + 1).allSatisfy { $0.value == all })
      }
    }
  }
#endif
