import LockstepNN

/// Every initialiser a file can ask for.
let initializerTable: [Maker<Initializer>] = [
  Maker("zeros") { _ in .zeros },
  Maker("ones") { _ in .ones },
  Maker("constant") { .constant($0.get("value", .number)) },
  Maker("uniform") { .uniform(limit: $0.get("limit", .positiveNumber)) },
  Maker("normal") { .normal(standardDeviation: $0.get("standardDeviation", .positiveNumber)) },
  Maker("heUniform") { _ in .heUniform },
  Maker("heNormal") { _ in .heNormal },
  Maker("glorotUniform") { _ in .glorotUniform },
  Maker("glorotNormal") { _ in .glorotNormal },
  Maker("lecunUniform") { _ in .lecunUniform },
  Maker("lecunNormal") { _ in .lecunNormal },
]
