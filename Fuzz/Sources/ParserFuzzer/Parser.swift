import CFuzzing
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

  /// Reads bytes, and writes what was understood again: that must give the same. Whether anything was understood.
  func parse(_ bytes: [UInt8]) -> Bool {
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

  /// Other bytes than the given: where a format has check sums or lengths, mostly with the right ones, since hardly
  /// anything else would get past them. `limit` is the most there may be, which a few exceed.
  func mutate(_ bytes: [UInt8], limit: Int, _ random: inout MutationRandom) -> [UInt8] {
    switch self {
    case .png: PNGMutation.mutated(bytes, limit: limit, &random)
    case .npy: NumPyMutation.mutated(bytes, limit: limit, &random)
    case .npz: ZipMutation.mutated(bytes, limit: limit, &random)
    case .safetensors: SafetensorsMutation.mutated(bytes, limit: limit, &random)
    case .idx, .yaml, .run: mutated(bytes, limit: limit)
    }
  }
}

private func parseSafetensors(_ bytes: [UInt8]) -> Bool {
  _ = try? Safetensors.metadata(of: bytes)
  guard let entries = try? Safetensors.decode(bytes) else { return false }
  let again = try? Safetensors.decode(Safetensors.encode(entries))
  precondition(again.map { Set($0) } == Set(entries), "tensors change when they are written")
  return true
}

private func parseArray(_ bytes: [UInt8]) -> Bool {
  guard let array = try? NumPyArray(fileContents: bytes) else { return false }
  for order in [NumPyArray.Order.c, .fortran] {
    precondition(
      (try? NumPyArray(fileContents: array.fileContents(order: order))) == array,
      "an array changes when it is written")
  }
  return true
}

/// Small, so that an archive that says it is large is refused and not read.
private let archiveLimit = 1 << 24

/// Understood is an archive with an array.
private func parseArchive(_ bytes: [UInt8]) -> Bool {
  guard let archive = try? NumPyArchive(fileContents: bytes, named: "x.npz", sizeLimit: archiveLimit) else {
    return false
  }
  var count = 0
  for name in archive.names {
    if (try? archive.array(named: name)) != nil { count += 1 }
    if (try? archive.texts(named: name)) != nil { count += 1 }
  }
  return count > 0
}

/// The first two bytes are the size of the file of labels, which comes first.
private func parseImages(_ bytes: [UInt8]) -> Bool {
  guard bytes.count >= 2 else { return false }
  let size = min(Int(bytes[0]) << 8 | Int(bytes[1]), bytes.count - 2)
  let labels = scratchFile("labels", bytes[2..<(2 + size)])
  let images = scratchFile("images", bytes[(2 + size)...])
  return (try? IDXImport(images: images, labels: labels).count) != nil
}

/// libpng is not compiled for libFuzzer: what it says of an image stands for how far it came.
private func parseImage(_ bytes: [UInt8]) -> Bool {
  let decoder = PNGDecoder(pixelLimit: 1 << 20)
  var isImage = false
  do throws(PNGError) {
    let header = try decoder.header(of: bytes)
    for channels in [PNGImage.Channels.gray, .rgb, .rgba] {
      let image = try decoder.decode(bytes, channels: channels)
      isImage = true
      precondition(
        (try? decoder.decode(PNGEncoder.encode(image), channels: channels)) == image,
        "an image changes when it is written")
    }
    let (type, depth) = (header.colorType, header.bitDepth)
    note("\(type) \(depth) \(header.isInterlaced) \(header.hasTransparency)")
  } catch {
    // Without the name of the chunk, which may be anything.
    let reason = "\(error)".split(separator: ":").last ?? ""
    note(reason.filter { !$0.isNumber })
  }
  return isImage
}

/// Tells libFuzzer of a text.
private func note(_ text: String) {
  // FNV-1a.
  fuzzing_note(text.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 })
}

/// A model, or a sweep.
private func parseModel(_ bytes: [UInt8]) -> Bool {
  guard let text = String(validating: bytes, as: UTF8.self) else { return false }
  if (try? SweepSpecification(text)) != nil { return true }
  guard let specification = try? ModelSpecification(text) else { return false }
  _ = try? specification.makeModel(classes: 3, input: specification.input ?? [8, 8, 1])
  return true
}

private func parseRecord(_ bytes: [UInt8]) -> Bool {
  _ = scratchFile("run.json", bytes[...])
  return (try? RunRecord(in: RunFolder(scratch)).json) != nil
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
