import Foundation
import Lockstep
import LockstepData
import LockstepSpecification
import LockstepTraining
import Testing

@Suite("Interchange with PyTorch and safetensors themselves", .enabled(if: PythonPackages.areWanted))
struct PyTorchTests {
  @Test("safetensors reads a state dict of ours, and PyTorch's order of a convolution's weights is in it")
  func safetensors() throws {
    let sandbox = Sandbox(hasData: false)
    #expect(try sandbox.convertGolden("mixed").code == 0)
    let outcome = try sandbox.run(
      "lockstep",
      ["convert", "weights.safetensors", "--to", "pytorch", "pt.safetensors"]
        + PyTorchGoldenFiles.subject("mixed"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let summary = try sandbox.python(
      """
      import numpy as np
      from safetensors import safe_open
      from safetensors.numpy import load_file
      ours = load_file("pt.safetensors")
      theirs = load_file("\(PyTorchGoldenFiles.folder)/mixed.safetensors")
      assert set(ours) == set(theirs), set(ours) ^ set(theirs)
      for name, array in theirs.items():
          assert ours[name].dtype == array.dtype and np.array_equal(ours[name], array), name
      with safe_open("pt.safetensors", framework="np") as file:
          print(file.metadata(), len(ours), ours["0.weight"].shape)
      """)
    #expect(summary == "{'format': 'pt'} 30 (4, 2, 3, 3)\n")
  }

  @Test(
    "PyTorch's own W1, ResNet-8 and nets with every kind of layer give the same logits here, and take weights back",
    .enabled(if: PythonPackages.haveTorch),
    arguments: [
      ("w1", [1, 28, 28], 10), ("resnet8", [3, 32, 32], 10), ("plain", [1, 6, 6], 3),
      ("mixed", [2, 8, 8], 3),
    ])
  func logits(name: String, image: [Int], classes: Int) throws {
    let isShipped = ["w1", "resnet8"].contains(name)
    let file = "\(isShipped ? PyTorchGoldenFiles.models : PyTorchGoldenFiles.folder)/\(name).yaml"
    let sandbox = Sandbox(hasData: false)
    _ = try sandbox.python(
      """
      import sys, numpy as np, torch, safetensors.torch
      sys.path.insert(0, "\(PyTorchGoldenFiles.nets)")
      import nets
      net = nets.randomise(nets.\(name)(), 7)
      images = torch.rand((4, *\(image)))
      with torch.no_grad():
          np.savez("arrays.npz", images=images.permute(0, 2, 3, 1).contiguous().numpy(), logits=net(images).numpy())
      safetensors.torch.save_file(net.state_dict(), "pt.safetensors")
      """)
    let shape = "\(image[1])x\(image[2])x\(image[0])"
    let subject = ["--model", file, "--classes", "\(classes)", "--input", shape]
    let outcome = try sandbox.run(
      "lockstep", ["convert", "pt.safetensors", "--from", "pytorch", "weights.safetensors"] + subject)
    #expect(outcome.code == 0, "\(outcome.errors)")

    let model = try ModelSpecification(contentsOf: file)
      .makeModel(classes: classes, input: Shape([image[1], image[2], image[0]]))
    let device = Device(try NativeBackend(threads: 1))
    model.initialize(seed: 1, on: device)
    try ModelWeights(file: "\(sandbox.path)/weights.safetensors").load(into: model.state, on: device)
    let arrays = try NumPyArchive(file: "\(sandbox.path)/arrays.npz")
    let logits = try model(arrays.array(named: "images").tensor(on: device)).scalars(as: Float.self)
    let expected = try arrays.array(named: "logits").tensor(on: device).scalars(as: Float.self)
    #expect(logits.count == 4 * classes && expected.count == 4 * classes)
    for (ours, theirs) in zip(logits, expected) { #expect(abs(ours - theirs) <= 1e-5 * max(1, abs(theirs))) }

    let back = try sandbox.run(
      "lockstep", ["convert", "weights.safetensors", "--to", "pytorch", "back.safetensors"] + subject)
    #expect(back.code == 0, "\(back.errors)")
    _ = try sandbox.python(
      """
      import sys, safetensors.torch
      sys.path.insert(0, "\(PyTorchGoldenFiles.nets)")
      import nets
      net = nets.\(name)()
      net.load_state_dict(safetensors.torch.load_file("back.safetensors"))
      for name, tensor in safetensors.torch.load_file("pt.safetensors").items():
          assert tensor.equal(net.state_dict()[name]), name
      """)
  }
}
