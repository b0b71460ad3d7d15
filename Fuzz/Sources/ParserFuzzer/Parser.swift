import LockstepCore
import LockstepData
import LockstepSpecification
import LockstepTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What reads files that strangers made.
enum Parser: String, CaseIterable {
  case safetensors, npy, npz, idx, png, yaml, run

  /// Reads bytes, and writes what was understood again: that must give the same.
  func parse(_ bytes: [UInt8]) {
    switch self {
    case .safetensors: parseSafetensors(bytes)
    case .npy: parseArray(bytes)
    case .npz: parseArchive(bytes)
    case .idx: parseImages(bytes)
    case .png: parseImage(bytes)
    case .yaml: parseModel(bytes)
    case .run: parseRecord(bytes)
    }
  }
}

private func parseSafetensors(_ bytes: [UInt8]) {
  _ = try? Safetensors.metadata(of: bytes)
  guard let entries = try? Safetensors.decode(bytes) else { return }
  let again = try? Safetensors.decode(Safetensors.encode(entries))
  precondition(again.map { Set($0) } == Set(entries), "tensors change when they are written")
}

private func parseArray(_ bytes: [UInt8]) {
  guard let array = try? NumPyArray(fileContents: bytes) else { return }
  for order in [NumPyArray.Order.c, .fortran] {
    precondition(
      (try? NumPyArray(fileContents: array.fileContents(order: order))) == array,
      "an array changes when it is written")
  }
}

/// Small, so that an archive that says it is large is refused and not read.
private let archiveLimit = 1 << 24

private func parseArchive(_ bytes: [UInt8]) {
  guard let archive = try? NumPyArchive(fileContents: bytes, named: "x.npz", sizeLimit: archiveLimit) else {
    return
  }
  for name in archive.names {
    _ = try? archive.array(named: name)
    _ = try? archive.texts(named: name)
  }
}

/// The first two bytes are the size of the file of labels, which comes first.
private func parseImages(_ bytes: [UInt8]) {
  guard bytes.count >= 2 else { return }
  let size = min(Int(bytes[0]) << 8 | Int(bytes[1]), bytes.count - 2)
  let labels = scratchFile("labels", bytes[2..<(2 + size)])
  let images = scratchFile("images", bytes[(2 + size)...])
  _ = try? IDXImport(images: images, labels: labels).count
}

private func parseImage(_ bytes: [UInt8]) {
  let decoder = PNGDecoder(pixelLimit: 1 << 20)
  _ = try? decoder.header(of: bytes)
  for channels in [PNGImage.Channels.gray, .rgb] {
    guard let image = try? decoder.decode(bytes, channels: channels) else { continue }
    precondition(
      (try? decoder.decode(PNGEncoder.encode(image), channels: channels)) == image,
      "an image changes when it is written")
  }
}

private func parseModel(_ bytes: [UInt8]) {
  guard let text = String(validating: bytes, as: UTF8.self),
    let specification = try? ModelSpecification(text)
  else { return }
  _ = try? specification.makeModel(classes: 3, input: specification.input ?? [8, 8, 1])
}

private func parseRecord(_ bytes: [UInt8]) {
  _ = scratchFile("run.json", bytes[...])
  _ = try? RunRecord(in: RunFolder(scratch)).json
}

/// A folder of this process's own, in memory where that is possible.
private let scratch: String = {
  let folder = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/lockstep-fuzz-\(getpid())"
  guard mkdir(folder, 0o700) == 0 else {
    perror(folder)
    exit(1)
  }
  atexit { removeScratch() }
  return folder
}()

private func removeScratch() {
  for name in ["labels", "images", "run.json"] { unlink("\(scratch)/\(name)") }
  rmdir(scratch)
}

private func scratchFile(_ name: String, _ bytes: ArraySlice<UInt8>) -> String {
  let path = "\(scratch)/\(name)"
  guard let file = fopen(path, "w") else {
    perror(path)
    exit(1)
  }
  bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  fclose(file)
  return path
}
