import Foundation
import Testing

@Suite("Interchange with ONNX and ONNX Runtime themselves", .enabled(if: PythonPackages.areWanted))
struct ONNXTests {
  /// Checks `model.onnx` and compares its results, on all images and on one alone, with the logits of a file.
  private static func program(_ arrays: String, layout: String) -> String {
    """
    import numpy as np, onnx, onnxruntime
    onnx.checker.check_model("model.onnx", full_check=True)
    with np.load("\(arrays)") as file:
        images, logits = file["images"], file["logits"]
    if "\(layout)" == "nhwc":
        images = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
    (source,), (target,) = session.get_inputs(), session.get_outputs()
    print(source.name, source.shape, target.name, target.shape)
    for count in (len(images), 1):
        result, = session.run(None, {"input": images[:count]})
        assert result.shape == logits[:count].shape, result.shape
        error = np.max(np.abs(result - logits[:count]) / np.maximum(1, np.abs(logits[:count])))
        assert error <= 1e-5, error
    """
  }

  @Test(
    "a net with PyTorch's weights is a sound model that gives PyTorch's logits",
    arguments: ["plain", "mixed"], ["nchw", "nhwc"])
  func logits(name: String, layout: String) throws {
    let sandbox = Sandbox(hasData: false)
    #expect(try sandbox.convertGolden(name).code == 0)
    let outcome = try sandbox.run(
      "lockstep",
      ["export", "weights.safetensors", "--onnx", "model.onnx", "--layout", layout]
        + PyTorchGoldenFiles.subject(name))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let verdict = try sandbox.python(
      Self.program("\(PyTorchGoldenFiles.folder)/\(name).npz", layout: layout))
    let image = name == "plain" ? [1, 6, 6] : [2, 8, 8]
    let sizes = layout == "nchw" ? image : [image[1], image[2], image[0]]
    let shape = sizes.map(String.init).joined(separator: ", ")
    #expect(verdict == "input ['batch', \(shape)] logits ['batch', 3]\n")
  }

  /// Layers whose numbers PyTorch's goldens have not: Lockstep's own prediction is the measure.
  @Test(
    "what Lockstep predicts, ONNX Runtime predicts",
    arguments: [
      "conv2D: {filters: 4, kernel: 3, stride: 2, padding: same, activation: relu6}",
      "conv2D: {filters: 4, kernel: 2, dilation: 2, padding: [1, 2, 0, 1], activation: hardSwish}",
      "depthwiseConv2D: {kernel: 3, padding: same, activation: {elu: {alpha: 0.5}}}",
      "conv2DTranspose: {filters: 3, kernel: 3, stride: 2, padding: same, activation: softplus}",
      "averagePool2D: {kernel: 3, stride: 2, padding: same, countsPadding: true}",
      "globalAveragePool2D", "groupNorm: {groups: 1}", "batchNorm: {activation: hardSigmoid}",
      "zeroPad2D: {padding: 2}", "upSampling2D: {size: 3}", "reshape: {shape: [2, 8, 1]}",
      "reshape: {shape: [16]}",
      "softmax: {axis: -1}", "gelu: {approximate: tanh}",
      "logSoftmax", "layerNorm: {dimensions: 2}",
    ])
  func prediction(layer: String) throws {
    try expectSamePrediction(layer, training: [])
  }

  @Test("samples are normalised in the model", arguments: ["measured", "0.3/0.25"])
  func normalization(choice: String) throws {
    try expectSamePrediction(
      "conv2D: {filters: 4, kernel: 3, padding: same}", training: ["--normalize", choice])
  }

  private func expectSamePrediction(_ layer: String, training options: [String]) throws {
    let sandbox = Sandbox()
    let model = "name: one\nlayers:\n  - \(layer)\n  - flatten\n  - dense: {units: classes}\n"
    sandbox.write(Array(model.utf8), to: "model.yaml")
    let training = try sandbox.run(
      "train",
      ["--data", "data", "--model", "model.yaml", "--epochs", "1", "--output", "run", "--quiet"] + options)
    try #require(training.code == 0, "\(training.errors)")
    let export = try sandbox.run("lockstep", ["export", "run", "--onnx", "model.onnx"])
    try #require(export.code == 0, "\(export.errors)")
    let images = (0..<3).map { "data/test/\(["ant", "bee", "cat"][$0])/0.png" }
    let prediction = try sandbox.run("lockstep", ["predict", "run"] + images + ["--json", "--top", "3"])
    sandbox.write(Array(prediction.output.utf8), to: "prediction.json")
    _ = try sandbox.python(
      """
      import json, numpy as np, onnx, onnxruntime
      from PIL import Image
      onnx.checker.check_model("model.onnx", full_check=True)
      said = json.load(open("prediction.json"))
      names = ["ant", "bee", "cat"]
      images = np.stack([np.asarray(Image.open(f"data/test/{name}/0.png")) for name in names])
      images = (images / 255).astype(np.float32)[:, None]
      logits, = onnxruntime.InferenceSession("model.onnx").run(None, {"input": images})
      odds = np.exp(logits - logits.max(1, keepdims=True))
      odds /= odds.sum(1, keepdims=True)
      assert len(said) == 3, said
      for row, expected in zip(said, odds):
          found = {entry["name"]: entry["probability"] for entry in row["classes"]}
          for name, odd in zip(names, expected):
              assert abs(found[name] - odd) <= 1e-5, (found, expected)
      """)
  }
}
