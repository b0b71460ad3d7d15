import LockstepData
import Testing

@Suite("Streamed images")
struct StreamingTests {
  @Test("have the digests and batches of images in memory")
  func equality() throws {
    let kept = try ImageFolder.load(Fixtures.digits)
    let streamed = try ImageFolder.load(Fixtures.digits, options: .init(isStreamed: true))
    #expect(!kept.train.isStreamed && streamed.train.isStreamed && streamed.test.isStreamed)
    #expect(streamed.digest == kept.digest)
    #expect(streamed.train.labels == kept.train.labels)
    let batches = [kept, streamed].map { BatchLoader($0.train, batchSize: 100, seed: 3).batches(epoch: 2) }
    #expect(try batches[0].rest() == batches[1].rest())
  }

  @Test("are brought to a size and channels like images in memory")
  func resized() throws {
    let options = ImageFolder.Options(channels: .rgb, resize: ImageSize(width: 5, height: 11))
    let kept = try ImageFolder.load(Fixtures.digits, options: options)
    var streaming = options
    streaming.isStreamed = true
    let streamed = try ImageFolder.load(Fixtures.digits, options: streaming)
    #expect(streamed.digest == kept.digest)
    #expect(try streamed.test.batch(of: [3, 1, 200]) == kept.test.batch(of: [3, 1, 200]))
  }

  @Test("a file that is gone or changed since is an error that names it")
  func changed() throws {
    let folder = TemporaryFolder.withSplit()
    let data = try folder.load(.init(isStreamed: true))
    folder.writePNG("train/a/1.png", width: 3)
    folder.write([1, 2], to: "train/b/0.png")
    #expect(try data.train.batch(of: [0]).count == 1)
    let advice = "; it could be read when the data set was opened: put it back, or begin anew without it"
    for (index, reason) in [
      (1, "a/1.png: corrupt PNG: the file changed while it was read"), (2, "b/0.png: not a PNG"),
    ] {
      let error = #expect(throws: DatasetError.self) { try data.train.batch(of: [0, index]) }
      #expect(error?.description.hasPrefix("\(folder.path)/train/\(reason)") == true)
      #expect(error?.description.hasSuffix(advice) == true)
      let batches = BatchLoader(data.train, batchSize: 4, shuffles: false).batches(epoch: 0)
      #expect(throws: DatasetError.self) { try batches.next() }
    }
  }
}
