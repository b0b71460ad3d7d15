#if os(Linux)
  import Foundation
  import LockstepBackends
  import LockstepConformance
  import LockstepCore
  import Synchronization
  import Testing

  /// Which processors the threads of a backend may run on, as the system has it.
  @Suite("Where threads run")
  struct PlacementTests {
    /// For every thread of this process, the processors that it may run on.
    private static func allowed() throws -> [Set<Int>] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap { thread in
        // A thread may end before it is asked.
        let status = (try? String(contentsOfFile: "/proc/self/task/\(thread)/status", encoding: .utf8)) ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
        else { return nil }
        let ranges = line.split(separator: "\t")[1].split(separator: ",").map {
          $0.split(separator: "-").compactMap { Int($0) }
        }
        return Set(ranges.flatMap { $0[0]...$0[$0.count - 1] })
      }
    }

    /// Processors that a backend finds, which a quota may make fewer than those it may run on.
    private static let processors = (try? NativeBackend())?.descriptor.threads ?? 1

    /// Has a backend compute now and then, and asks all the while which processors threads have, until one of them
    /// has others than at the beginning, or the time is over. Those at the beginning, and the others seen.
    private static func observe(
      threads: Int, seconds: Double
    ) throws -> (all: Set<Int>, others: Set<Set<Int>>) {
      let all = try #require(try allowed().first)
      let backend = try NativeBackend(threads: threads)
      let twos = TensorValue(
        TensorSpec([1_000_000], .int64), integers: [Int64](repeating: 2, count: 1_000_000))
      let isOver = Mutex(false)
      let ended = DispatchSemaphore(value: 0)
      var others: Set<Set<Int>> = []
      try withExtendedLifetime(backend) {
        Thread.detachNewThread {
          while !isOver.withLock({ $0 }) {
            // Long enough for threads to be asleep.
            usleep(15_000)
            _ = try? backend.outputs(of: .binary(.add), [twos, twos])
          }
          ended.signal()
        }
        let limit = Date(timeIntervalSinceNow: seconds)
        while others.isEmpty, Date() < limit { others = Set(try allowed().filter { $0 != all }) }
        isOver.withLock { $0 = true }
        ended.wait()
        let afterwards = Set(try allowed())
        #expect(afterwards == [all], "every thread may run anywhere again")
      }
      return (all, others)
    }

    @Test(
      "a thread that has slept is woken off the processor of whoever calls, and free afterwards",
      .enabled(if: processors >= 2, "there is one processor"))
    func worker() async {
      await #expect(processExitsWith: .success) {
        let (all, others) = try Self.observe(threads: 2, seconds: 30)
        let one = try #require(others.first)
        #expect(others.count == 1 && one.isSubset(of: all) && one.count == all.count - 1)
      }
    }

    @Test(
      "a caller that has bound itself to a processor does not bind the others",
      .enabled(if: processors >= 2, "there is one processor"))
    func boundCaller() async {
      await #expect(processExitsWith: .success) {
        let all = try #require(try Self.allowed().first)
        let backend = try NativeBackend(threads: 2)
        let twos = TensorValue(
          TensorSpec([1_000_000], .int64), integers: [Int64](repeating: 2, count: 1_000_000))
        let processor = try #require(all.min())
        let thread = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        let taskset = try Process.run(
          URL(filePath: "/usr/bin/taskset"),
          arguments: ["-pc", "\(processor)", "\(thread.split(separator: "/")[2])"])
        taskset.waitUntilExit()
        try #require(taskset.terminationStatus == 0)
        _ = try backend.outputs(of: .binary(.add), [twos, twos])
        #expect(try Self.allowed().filter { $0 != all } == [[processor]], "this thread's alone")
      }
    }

    @Test("where there are more threads than processors they share them all")
    func many() async {
      await #expect(processExitsWith: .success) {
        let count = try #require(try Self.allowed().first).count
        #expect(try Self.observe(threads: count + 1, seconds: 0.5).others.isEmpty)
      }
    }
  }
#endif
