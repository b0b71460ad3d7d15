import LockstepData
import Testing

/// The error of loading a folder, with the folder's path written `$`.
func failure(
  _ folder: TemporaryFolder, _ name: String = "", options: ImageFolder.Options = .init()
) -> String? {
  do throws(DatasetError) {
    _ = try folder.load(options, at: name)
    return nil
  } catch {
    return error.description.replacing(folder.path, with: "$")
  }
}

@Suite("Image folder: bad folders")
struct BadFolderTests {
  @Test("a missing folder")
  func missing() {
    #expect(failure(TemporaryFolder(), "/none") == "no such folder: $/none")
  }

  @Test("a file instead of a folder")
  func file() {
    let folder = TemporaryFolder()
    folder.writePNG("x.png")
    #expect(failure(folder, "/x.png") == "no such folder: $/x.png")
  }

  @Test("an empty folder")
  func empty() {
    #expect(failure(TemporaryFolder()) == "no class folders in $: expected $/<class>/*.png")
  }

  @Test("empty train and test folders")
  func emptySplits() {
    let folder = TemporaryFolder.withSplit()
    folder.makeFolder("other/train/a")
    folder.makeFolder("other/test/a")
    #expect(failure(folder, "/other") == "no PNG files in $/other/train/a: add some, or remove the folder")
  }

  @Test("images without class folders")
  func looseImages() {
    let folder = TemporaryFolder()
    folder.writePNG("1.png")
    #expect(failure(folder) == "PNG files directly in $: put each into a folder named after its class")
  }

  @Test("a class folder without PNG files")
  func noPNGs() {
    let folder = TemporaryFolder.withSplit()
    folder.write([0xFF, 0xD8, 0xFF], to: "train/c/photo.jpg")
    folder.writePNG("test/c/0.png")
    #expect(failure(folder) == "no PNG files in $/train/c: add some, or remove the folder")
  }

  @Test("train without test")
  func noTest() {
    let folder = TemporaryFolder()
    folder.writePNG("train/a/0.png")
    folder.writePNG("train/b/0.png")
    #expect(
      failure(folder)
        == "$ has a folder train but no test: add $/test/<class>/*.png, or use $/train with --validation-split"
    )
  }

  @Test("one class only")
  func oneClass() {
    let folder = TemporaryFolder()
    folder.writePNG("a/0.png")
    folder.writePNG("a/1.png")
    #expect(failure(folder) == "only one class, a, in $: a classifier needs two or more")
  }

  @Test("different classes in train and test")
  func differentClasses() {
    let folder = TemporaryFolder.withSplit()
    folder.writePNG("train/c/0.png")
    folder.writePNG("test/d/0.png")
    #expect(
      failure(folder) == "train and test of $ must have the same classes: only in train: c; only in test: d")
  }

  @Test("a class too small to split")
  func classTooSmall() {
    let folder = TemporaryFolder()
    folder.writePNG("a/0.png")
    folder.writePNG("a/1.png")
    folder.writePNG("b/0.png")
    #expect(failure(folder) == "only one image in $/b: splitting off validation images needs two or more")
  }

  @Test("a validation split that is none", arguments: [0, 1, -0.5, 1.5, .nan, .infinity])
  func invalidSplit(fraction: Double) {
    let folder = ValidationSplitTests.folder()
    #expect(
      failure(folder, options: .init(validationSplit: fraction))
        == "a validation split of \(fraction) is not between 0 and 1")
  }

  @Test("a validation split beside a test folder")
  func needlessSplit() {
    #expect(
      failure(TemporaryFolder.withSplit(), options: .init(validationSplit: 0.2))
        == "$ has its own test folder: leave out --validation-split")
  }

  @Test(
    "images of different sizes, in one part or between the parts",
    arguments: ["train/b/2", "test/a/2"], ["3x5", "2x5", "5x2"])
  func differentSizes(name: String, text: String) throws {
    let size = try #require(ImageSize(text))
    let folder = TemporaryFolder.withSplit()
    folder.writePNG("\(name).png", width: size.width, height: size.height)
    #expect(
      failure(folder)
        == "images of different sizes: $/train/a/0.png is 2x2, $/\(name).png is \(size); "
        + "use --resize 2x2 to bring all to one size")
  }

  @Test("a size of nothing")
  func invalidResize() {
    #expect(
      failure(TemporaryFolder.withSplit(), options: .init(resize: ImageSize(width: 0, height: 3)))
        == "cannot resize to 0x3: both sides must be at least 1")
  }

  @Test("more pixels than memory, refused before allocation")
  func tooBig() {
    let size = ImageSize(width: 1 << 30, height: 1 << 30)
    let message = failure(TemporaryFolder.withSplit(), options: .init(resize: size))
    #expect(message?.hasPrefix("16 images need 9223372036.8 GB, this machine has ") == true)
    #expect(message?.hasSuffix(": use --resize with a smaller size") == true)
  }
}
