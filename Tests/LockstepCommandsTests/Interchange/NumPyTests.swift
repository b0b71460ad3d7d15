import Foundation
import Lockstep
import LockstepCore
import LockstepData
import Testing

@Suite("Interchange with NumPy itself", .enabled(if: PythonPackages.areWanted))
struct NumPyTests {
  /// A NumPy expression for each dtype, with its extremes.
  static let arrays: [(dtype: String, expression: String)] = [
    ("float32", "np.array([[1.5, -0.0, np.inf], [-np.inf, 1e-45, 3.4028235e38]], np.float32)"),
    ("float64", "np.array([[0.1, -5e-324, 1.7976931348623157e308]])"),
    ("int64", "np.array([[-(2**63), 2**63 - 1], [0, -1]])"),
    ("int32", "np.array([-(2**31), 2**31 - 1], np.int32)"),
    ("uint8", "np.arange(256, dtype=np.uint8).reshape(2, 4, 32)"),
    ("bool", "np.array([True, False, True])"),
  ]

  @Test(
    "an array of every dtype goes through a tensor and comes back the same, in both orders",
    arguments: arrays.map(\.dtype))
  func roundTrip(dtype: String) throws {
    let sandbox = Sandbox(hasData: false)
    let expression = try #require(Self.arrays.first { $0.dtype == dtype }?.expression)
    _ = try sandbox.python(
      """
      import numpy as np
      array = \(expression)
      np.save("c.npy", array)
      np.save("fortran.npy", np.asfortranarray(array))
      np.save("big.npy", array.astype(array.dtype.newbyteorder(">")))
      """)
    let device = Device(try NativeBackend(threads: 1))
    for name in ["c", "fortran", "big"] {
      let tensor = try Tensor(npy: "\(sandbox.path)/\(name).npy", on: device)
      #expect("\(tensor.dtype)" == dtype)
      try tensor.write(npy: "\(sandbox.path)/\(name)-back.npy")
      try NumPyArray(tensor).write(to: "\(sandbox.path)/\(name)-turned-back.npy", order: .fortran)
    }
    let verdict = try sandbox.python(
      """
      import glob, numpy as np
      array = \(expression)
      for file in sorted(glob.glob("*-back.npy")):
          back = np.load(file, allow_pickle=False)
          assert back.dtype == array.dtype and back.tobytes() == array.tobytes(), file
          assert back.flags["F_CONTIGUOUS"] or "turned" not in file, file
          print(file)
      """)
    #expect(verdict.split(separator: "\n").count == 6)
  }

  @Test("export-npz writes what np.load reads without pickle, import-npz makes the same images of it")
  func dataset() throws {
    let sandbox = Sandbox()
    sandbox.writeImage("data/train/ant/colour.png", channels: .gray)
    try sandbox.run("lockstep", ["dataset", "export-npz", "data", "--output", "data.npz"])
    let summary = try sandbox.python(
      """
      import numpy as np
      with np.load("data.npz", allow_pickle=False) as data:
          print(sorted(data.files))
          print(data["x_train"].dtype, data["x_train"].shape, data["x_test"].shape)
          print(data["y_train"].dtype, data["y_train"].tolist(), data["y_test"].tolist())
          print(data["class_names"].tolist(), data["x_test"][3].tolist())
          np.savez("again.npz", **data)
      """)
    #expect(
      summary == """
        ['class_names', 'x_test', 'x_train', 'y_test', 'y_train']
        uint8 (19, 4, 4) (9, 4, 4)
        int64 [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2] [0, 0, 0, 1, 1, 1, 2, 2, 2]
        ['ant', 'bee', 'cat'] [[0, 37, 24, 11], [248, 235, 222, 209], [46, 33, 20, 7], [44, 31, 18, 5]]

        """)
    try sandbox.run("lockstep", ["dataset", "import-npz", "again.npz", "--output", "again"])
    let (before, after) = try (
      ImageFolder.load("\(sandbox.path)/data"), ImageFolder.load("\(sandbox.path)/again")
    )
    #expect(before.digest == after.digest)
  }
}
