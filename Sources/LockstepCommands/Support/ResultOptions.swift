import ArgumentParser

/// How a command that has a result prints it.
struct ResultOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON.")
  var json = false
}
