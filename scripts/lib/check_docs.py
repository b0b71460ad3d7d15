"""What the documentation leaves out: check_docs.py undocumented FOLDER | snippets ROOT

undocumented: public symbols without a comment, by the symbol graphs in a folder.
snippets: Swift code of the tutorials that is not, word for word, in the examples, which are built and run.
"""

import json
import pathlib
import re
import sys

# Cases that are named as those of `Operation` are, where they are documented.
NAMED_AS_ANOTHER = {"OperationKind"}


def undocumented(folder):
    for path in sorted(pathlib.Path(folder).glob("Lockstep*.symbols.json")):
        for symbol in json.loads(path.read_text())["symbols"]:
            names = symbol["pathComponents"]
            is_case = symbol["kind"]["identifier"] == "swift.enum.case"
            # A property wrapper's projection, such as `$current`, has no place for a comment.
            if symbol.get("docComment") or names[-1].startswith("$"):
                continue
            if is_case and names[-2] in NAMED_AS_ANOTHER:
                continue
            place = symbol.get("location")
            where = f"{place['uri'].removeprefix('file://')}:{place['position']['line'] + 1}: " if place else ""
            yield f"{where}{'.'.join(names)} is public and not documented"


def lines(text):
    """The text's lines without their indentation, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def snippets(root):
    root = pathlib.Path(root)
    examples = {
        path: lines(path.read_text())
        for path in sorted(root.glob("Examples/*/Sources/**/*.swift")) + sorted(root.glob("Examples/*/Package.swift"))
    }
    articles = sorted(root.glob("Sources/Lockstep/Lockstep.docc/*.md")) + sorted(root.glob("docs/embedding.md"))
    for article in articles:
        text = article.read_text()
        for match in re.finditer(r"^```swift\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            code = lines(match[1])
            found = any(
                code == example[start : start + len(code)]
                for example in examples.values()
                for start in range(len(example))
            )
            if not found:
                line = text.count("\n", 0, match.start()) + 1
                yield f"{article}:{line}: this code is in none of the examples: {code[0] if code else ''}"


def main():
    checks = {"undocumented": undocumented, "snippets": snippets}
    if len(sys.argv) != 3 or sys.argv[1] not in checks:
        sys.exit(__doc__)
    problems = list(checks[sys.argv[1]](sys.argv[2]))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


main()
