# Sourced by the scripts beside it: finds or installs what building and running Lockstep needs.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "error: $*"
  exit 1
}

# Debian packages that are missing, each known by the pkg-config module or command it brings. Commands whose
# packages have their names may be given besides.
missing_packages() {
  command -v pkg-config >/dev/null || printf 'pkg-config '
  local pair
  for pair in openblas:libopenblas-dev libpng:libpng-dev zlib:zlib1g-dev libcrypto:libssl-dev yaml-0.1:libyaml-dev; do
    { command -v pkg-config >/dev/null && pkg-config --exists "${pair%%:*}"; } || printf '%s ' "${pair#*:}"
  done
  # The translators behind --backend emulated-x86; what turns plots into PNG images, and letters for them.
  for pair in qemu-x86_64:qemu-user valgrind:valgrind 'rsvg-convert:librsvg2-bin fonts-dejavu-core' "$@"; do
    command -v "${pair%%:*}" >/dev/null || printf '%s ' "${pair#*:}"
  done
}

# Runs apt-get as root, by sudo where that is needed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "root is needed for: $*"
  fi
}

install_packages() {
  command -v apt-get >/dev/null || fail "please install, by your system's means: $*"
  say "installing $*"
  local log
  log=$(mktemp)
  if ! { as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq "$@"; } \
    >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install $*"
  fi
  rm -f "$log"
}

# A Swift of at least 6.1, on the PATH or where toolchains are usually unpacked.
find_swift() {
  local folder version
  for folder in "$(dirname "$(command -v swift 2>/dev/null || echo /nowhere/swift)")" \
    /opt/swift/usr/bin /usr/local/swift/usr/bin "$HOME/.local/share/swiftly/bin" /usr/libexec/swift/bin; do
    [ -x "$folder/swift" ] || continue
    version=$("$folder/swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    [ -n "$version" ] || continue
    # shellcheck disable=SC2086 # two numbers
    set -- $version
    if [ "$1" -gt 6 ] || { [ "$1" -eq 6 ] && [ "$2" -ge 1 ]; }; then
      printf '%s' "$folder"
      return
    fi
  done
}

# Installs what is missing, with the commands that are given.
setup() {
  local packages
  packages=$(missing_packages "$@")
  # shellcheck disable=SC2086 # a list of names
  [ -z "$packages" ] || install_packages $packages
  local folder
  folder=$(find_swift)
  if [ -z "$folder" ] && apt-cache show swiftlang 2>/dev/null | grep -qE '^Version: (6\.[1-9]|[7-9])'; then
    install_packages swiftlang
    folder=$(find_swift)
  fi
  [ -n "$folder" ] || fail "Swift 6.1 or newer is not installed; https://www.swift.org/install/linux/ says how"
  export PATH="$folder:$PATH"
}

# Builds the release programs, in silence unless that fails. Its argument is the one that is wanted.
build_release() {
  local root log
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  [ -x "$root/.build/release/$1" ] || say "building (the first time takes a few minutes) ..."
  log=$(mktemp)
  if ! swift build --package-path "$root" -c release >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "the build failed"
  fi
  rm -f "$log"
}
