import LockstepCore
import LockstepNN
import Testing

@Suite("Sequential")
struct SequentialTests {
  @Test("The builder takes layers, lists, if, else and for")
  func builder() {
    func model(_ isDeep: Bool, dropout: Double? = nil) -> Sequential {
      Sequential {
        for filters in [4, 8] {
          Conv2D(filters, kernel: 3)
          if isDeep { Conv2D(filters, kernel: 1) }
        }
        if isDeep {
          GlobalAveragePool2D()
        } else {
          Flatten()
        }
        if let dropout { Dropout(dropout) }
        [Dense(5), Dense(2)]
      }
    }
    #expect(
      model(false).layers.map(\.description)
        == ["Conv2D(4, kernel: 3x3)", "Conv2D(8, kernel: 3x3)", "Flatten", "Dense(5)", "Dense(2)"])
    #expect(
      model(true, dropout: 0.5).layers.map(\.description)
        == [
          "Conv2D(4, kernel: 3x3)", "Conv2D(4, kernel: 1x1)", "Conv2D(8, kernel: 3x3)",
          "Conv2D(8, kernel: 1x1)", "GlobalAveragePool2D", "Dropout(0.5)", "Dense(5)", "Dense(2)",
        ])
  }

  @Test("Layers are applied first to last")
  func order() throws {
    let x = Tensor([-1, 2] as [Float], shape: [1, 2], on: .reference())
    #expect(try Sequential([ReLU(), Softmax()])(x).sum(-1).item() == 1)
    #expect(try Sequential([Softmax(), LogSoftmax()])(x).exp().sum(-1).item() == 1)
    #expect(try Sequential([Flatten(), ReLU()])(x).scalars(as: Float.self) == [0, 2])
    #expect(try Sequential([])(x).scalars(as: Float.self) == [-1, 2])
  }

  @Test("The summary is this table")
  func summary() throws {
    let model = Sequential {
      Conv2D(32, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(2)
      Conv2D(64, kernel: 3, padding: .same, activation: .relu)
      MaxPool2D(2)
      Flatten()
      Dropout(0.5)
      Dense(128)
      ReLU()
      Dense(10)
    }
    let summary = try model.summary(input: [28, 28, 1])
    #expect(
      summary.description == """
        layer                                         output shape  parameters  MFLOP
        ─────────────────────────────────────────────────────────────────────────────
        input                                         [28, 28, 1]                    
        Conv2D(32, kernel: 3x3, padding: same, relu)  [28, 28, 32]         320   0.45
        MaxPool2D(2x2)                                [14, 14, 32]           0       
        Conv2D(64, kernel: 3x3, padding: same, relu)  [14, 14, 64]      18,496   7.23
        MaxPool2D(2x2)                                [7, 7, 64]             0       
        Flatten                                       [3136]                 0       
        Dropout(0.5)                                  [3136]                 0       
        Dense(128)                                    [128]            401,536   0.80
        ReLU                                          [128]                  0       
        Dense(10)                                     [10]               1,290  <0.01
        ─────────────────────────────────────────────────────────────────────────────
        total                                                          421,642   8.48
        """)
    #expect(summary.parameterCount == model.parameterCount)
    // 2 · (28² · 32 · 3² + 14² · 64 · 3² · 32 + 3136 · 128 + 128 · 10)
    #expect(summary.floatingPointOperations == 8_482_304)
  }

  @Test("A summary of a trained model leaves its weights alone")
  func summaryKeepsWeights() throws {
    let model = Sequential([Dense(3), Dense(2)])
    try model.build(input: [4])
    model.initialize(seed: 1, on: .reference())
    let before = try model.parameters.map { try $0.parameter.value.scalars(as: Float.self) }
    _ = try model.summary(input: [4])
    #expect(try model.parameters.map { try $0.parameter.value.scalars(as: Float.self) } == before)
  }

  @Test("Built for another shape, a layer has new parameters without values")
  func rebuilt() throws {
    let layer = Dense(3)
    try layer.build(input: [4])
    layer.initialize(seed: 1, on: .reference())
    try layer.build(input: [5])
    #expect(layer.parameters.map(\.parameter.shape) == [[5, 3], [3]])
    // The bias fits as it is.
    #expect(layer.parameters.map(\.parameter.isInitialized) == [false, true])
  }
}
