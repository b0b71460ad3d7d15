import Testing

@testable import LockstepDoctor

@Suite("Control groups")
struct ControlGroupsTests {
  private func limits(_ files: [String: String]) -> ControlGroups {
    let root = CraftedFolder()
    for (name, text) in files { root.write(text + "\n", to: name) }
    return ControlGroups(root: root.path)
  }

  @Test("version 2: the lowest limit of the group and those above it counts")
  func version2() {
    let limits = limits([
      "proc/self/cgroup": "0::/kube/pod/box",
      "sys/fs/cgroup/kube/pod/box/cpu.max": "max 100000",
      "sys/fs/cgroup/kube/pod/box/memory.max": "4000000000",
      "sys/fs/cgroup/kube/pod/box/memory.current": "1000000",
      "sys/fs/cgroup/kube/pod/cpu.max": "150000 100000", "sys/fs/cgroup/kube/cpu.max": "400000 100000",
      "sys/fs/cgroup/kube/memory.max": "max",
    ])
    #expect(limits.processors == 1.5 && limits.processorsFile == "/sys/fs/cgroup/kube/pod/cpu.max")
    #expect(limits.memory == 4e9 && limits.memoryInUse == 1e6 && !limits.isProcessorsVersion1)
  }

  @Test("version 1: quota over period, and no limit where the numbers say so")
  func version1() {
    let groups = "4:memory:/docker/1\n3:cpu,cpuacct:/docker/1\n2:pids:/docker/1"
    let limited = limits([
      "proc/self/cgroup": groups, "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us": "50000",
      "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": "536870912",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
    ])
    #expect(limited.processors == 0.5 && limited.isProcessorsVersion1 && limited.memory == 536_870_912)
    let free = limits([
      "proc/self/cgroup": groups, "sys/fs/cgroup/cpu/docker/1/cpu.cfs_quota_us": "-1",
      "sys/fs/cgroup/cpu/docker/1/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
    ])
    #expect(free.processors == nil && free.memory == nil)
  }

  @Test("inside of a container the path is the host's, and the root is the group")
  func container() {
    let limits = limits(["proc/self/cgroup": "0::/docker/1234", "sys/fs/cgroup/cpu.max": "200000 100000"])
    #expect(limits.processors == 2 && limits.processorsFile == "/sys/fs/cgroup/cpu.max")
  }

  @Test("nonsense is no limit", arguments: ["", "x", "0::", "1:cpu", "0::/a\n0::/b"])
  func nonsense(text: String) {
    let limits = limits([
      "proc/self/cgroup": text, "sys/fs/cgroup/cpu.max": "0 0", "sys/fs/cgroup/memory.max": "-7",
      "sys/fs/cgroup/a/cpu.max": "nan 1", "sys/fs/cgroup/b/cpu.max": "1",
    ])
    #expect(limits.processors == nil && limits.memory == nil)
  }
}

@Suite("Cores and threads")
struct CPUTopologyTests {
  #if os(Linux)
    @Test("threads that share a core are counted once")
    func siblings() {
      let root = CraftedFolder()
      for (cpu, list) in ["0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"].enumerated() {
        root.write(list + "\n", to: "sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list")
      }
      root.makeFolder("sys/devices/system/cpu/cpufreq")
      let topology = CPUTopology(processors: 8, root: root.path)
      #expect(topology.cores == 4 && topology.threadsPerCore == 2)
    }

    @Test("without such lists, packages and cores of /proc/cpuinfo are")
    func pairs() {
      let root = CraftedFolder()
      let cpus = [(0, 0), (0, 1), (1, 0), (1, 1)].map { "physical id\t: \($0)\ncore id\t\t: \($1)\n" }
      root.write(cpus.joined(separator: "\n"), to: "proc/cpuinfo")
      #expect(CPUTopology(processors: 4, root: root.path).cores == 4)
      #expect(CPUTopology(processors: 4, root: CraftedFolder().path).cores == nil)
    }
  #endif
}
