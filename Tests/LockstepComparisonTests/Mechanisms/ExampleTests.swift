import Lockstep
@testable import LockstepComparison
import LockstepCore
import Testing

@Suite("The account's examples")
struct ExampleTests {
  private static let subjects = AccountExamples.Subject.allCases

  @Test("are right on native and reference, at the size that is asked for", arguments: subjects)
  func whole(subject: AccountExamples.Subject) throws {
    let experiment = AccountExampleExperiment { _ in 40 }
    for device in [Device(try NativeBackend(threads: 1)), Device(ReferenceBackend())] {
      let (run, bytes) = try experiment.run(subject, "engine", on: device, until: Deadline(in: 30))
      #expect(run.size == 40 && run.sampled > 60)
      // A sum of K terms is off by K roundings at most.
      #expect(run.error <= 40)
      #expect(bytes.contains { $0 != 0 })
    }
  }

  @Test("are cut to the smallest size where there is no time", arguments: subjects)
  func cut(subject: AccountExamples.Subject) throws {
    let smallest = ExampleInput.sizes(of: subject, from: subject.askedSize).last
    let run = try AccountExampleExperiment().run(
      subject, "native", on: Device(try NativeBackend(threads: 1)), until: Deadline(in: 0)
    ).run
    #expect(run.size == smallest && !run.isComplete)
    #expect(run.warmSeconds == nil && run.firstSeconds > 0)
  }

  @Test("the size is the largest of which four calls fit, as an engine's rate has it")
  func affordable() {
    let sizes = ExampleInput.sizes(of: .matmul32, from: 2000)
    func size(_ operations: Double) -> Int? {
      AccountExampleExperiment.affordable(.matmul32, sizes, rate: operations, seconds: 1)
    }
    // 2·1000³ a call.
    #expect(size(8e9) == 1000)
    #expect(size(7.99e9) == 700)
    #expect(size(1e13) == 2000)
    #expect(size(1) == nil)
  }

  @Test("a product that misses its last term is not right")
  func fault() throws {
    let faulty = Device(FaultInjectingBackend(ReferenceBackend(), .droppedLastTerm, probability: 1))
    let run = try AccountExampleExperiment { _ in 150 }.run(
      .matmul64, "faulty", on: faulty, until: Deadline(in: 30)
    ).run
    #expect(run.error > 1e6)
  }

  @Test("engines are compared at a size that both did, and a missing one is said to be")
  func compared() throws {
    let native = try NativeBackend(threads: 1)
    let bench = MechanismBench(
      Workbench(threads: 1), native: native.descriptor, profile: .rosetta2Launch, translators: [.box64])
    let examples = try AccountExampleExperiment { _ in 32 }.run(on: bench, until: Deadline(in: 30))
    #expect(examples.runs.count == 2 * Self.subjects.count)
    #expect(examples.equalities.map(\.size) == Self.subjects.map { _ in 32 })
    #expect(examples.equalities.allSatisfy { $0.count == 32 * 32 * ($0.subject == .convolution ? 16 : 1) })
    #expect(examples.omissions.count == Self.subjects.count)
    #expect(examples.omissions.allSatisfy { $0.reason.contains("sudo apt-get install box64") })
  }
}

/// Takes denormal results for zero, as a CPU does that is told to.
private final class FlushingBackend: BackendDecorator {
  let inner: any Backend = ReferenceBackend()

  func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    for output in instruction.outputs where output.spec.dtype == .float32 {
      let numbers = try! inner.value(of: output).reals
      let flushed = numbers.map { $0.magnitude < Double(Float.leastNormalMagnitude) ? 0 : $0 }
      inner.write(TensorValue(output.spec, reals: flushed), to: output)
    }
  }
}

@Suite("Denormals")
struct DenormalTests {
  @Test("are kept natively")
  func kept() throws {
    let native = try NativeBackend(threads: 1)
    let bench = MechanismBench(
      Workbench(threads: 1), native: native.descriptor, profile: .neoverseN1, translators: [])
    let costs = try DenormalExperiment(count: 1024).run(on: bench, until: Deadline(in: 30))
    #expect(costs.rows.map(\.operation) == ["x + x", "3 x", "x A (matrix product)"])
    #expect(costs.rows.allSatisfy { $0.wrong == 0 && $0.normalSeconds > 0 && $0.denormalSeconds > 0 })
  }

  @Test("that are flushed to zero are counted, normal numbers are not")
  func flushed() throws {
    let device = Device(FlushingBackend())
    let rows = try DenormalExperiment(count: 1024).rows("flushing", on: device, until: Deadline(in: 30))
    #expect(rows.map(\.count) == [1024, 1024, 64])
    #expect(rows.allSatisfy { $0.wrong == $0.count && $0.flushed == $0.count })
    // Time is up before the first repetition: it is done all the same.
    let short = try DenormalExperiment(count: 64).rows("flushing", on: device, until: Deadline(in: 0))
    #expect(short.allSatisfy { $0.normalSeconds > 0 })
  }
}
