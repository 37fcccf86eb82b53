# What ./run and ./test share: tools, dependencies, builds. Sourced by them at the top of the tree, under
# `set -euo pipefail`. Nothing is done twice: a build leaves a stamp, and is skipped while none of its inputs is newer.

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/tensorpane

is_debian() { command -v apt-get >/dev/null && grep -qsE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; }

# Where Debian keeps the JavaScript libraries (acorn) that its emscripten needs; another Node does not look there. The
# folder may come only when emscripten is installed.
if is_debian; then export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}; fi
if [[ -x $CACHE/node/bin/node ]]; then PATH=$CACHE/node/bin:$PATH; fi

# command | lowest version | Debian packages
BUILD_TOOLS='
cmake|3.25|cmake
ninja|1.10|ninja-build
g++|12|g++
emcc|3.1.6|emscripten node-acorn
protoc|3.21|protobuf-compiler
python3|3.9|python3
npm|8|npm
node|20.19|nodejs'
TEST_TOOLS='
clang-format|14|clang-format
clang|14|clang libclang-rt-14-dev
venv|3.9|python3-venv
chromium|110|chromium
gtest|1.12|libgtest-dev
nlohmann_json|3.11|nlohmann-json3-dev'

say() { printf '%s\n' "$1" >&2; }
die() { say "$1"; exit 1; }
is_root() { ((EUID == 0)); }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

# The version of a tool; nothing when it is not there.
version_of() {
  local text
  case $1 in
    venv) text=$(python3 -c 'import ensurepip, platform; print(platform.python_version())' 2>/dev/null) ;;
    gtest | nlohmann_json) text=$(grep -sh '^Version' /usr/{lib,lib/*,share}/pkgconfig/"$1".pc) ;;
    *) text=$("$1" --version 2>/dev/null) ;;
  esac || true
  [[ $text =~ [0-9]+(\.[0-9]+)+ ]] && echo "${BASH_REMATCH[0]}" || true
}

# Prints the lines of a tool table whose tool is missing or too old.
lacking() {
  local tool lowest packages version
  while IFS='|' read -r tool lowest packages; do
    [[ $tool ]] || continue
    version=$(version_of "$tool")
    { [[ $version ]] && at_least "$lowest" "$version"; } || echo "$tool|$lowest|$packages"
  done <<<"$1"
}

# Installs what is missing of a tool table, or names it and stops.
need_tools() {
  local missing packages emcc
  emcc=$(version_of emcc)
  if [[ $emcc ]] && ! at_least 3.1.6 "$emcc"; then
    die "$(command -v emcc) is Emscripten $emcc, and 3.1.6 is the oldest that builds this: update it or take it off PATH"
  fi
  fetch_node
  missing=$(lacking "$1")
  if [[ $missing ]] && is_debian && { is_root || command -v sudo >/dev/null; }; then
    read -ra packages <<<"$(cut -d '|' -f 3 <<<"$missing" | tr '\n' ' ')"
    say "Installing ${packages[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends "${packages[@]}" </dev/null >/dev/null || true
    fetch_node
    missing=$(lacking "$1")
  fi
  if [[ $missing ]]; then
    say "Missing, and not installable from here:"
    die "$(sed -E 's/^([^|]*)\|([^|]*)\|(.*)/  \1, version \2 or newer (Debian: \3)/' <<<"$missing")"
  fi
}

# Vite needs Node 20.19. Where there is an older one with npm, npm's own package of Node goes into the cache folder.
fetch_node() {
  local version
  version=$(version_of node)
  if [[ -z $version ]] || at_least 20.19 "$version" || ! command -v npm >/dev/null; then return; fi
  say "Node $version is older than 20.19: fetching npm's node@22"
  npm install --silent --no-fund --no-audit --prefix "$CACHE/node" node@22 npm@10
  ln -sfn node_modules/.bin "$CACHE/node/bin"
  PATH=$CACHE/node/bin:$PATH
  hash -r
}

# Whether CMake could download the pinned sources of the dependencies.
upstream_in_reach() {
  local script=build/upstream.cmake
  mkdir -p build
  cat >"$script" <<'CMAKE'
file(DOWNLOAD https://github.com/robots.txt TIMEOUT 8 STATUS status)
if(NOT status MATCHES "^0;")
  message(FATAL_ERROR "${status}")
endif()
CMAKE
  cmake -P "$script" &>/dev/null
}

# Debian's sources, named by the pins of cmake/dependencies.cmake that they stand in for: another pin is fetched anew.
SOURCES=$CACHE/sources/protobuf-3.21.12-zlib-1.2.13

# Sets DEPENDENCIES: CMake arguments that say where the sources of protobuf and zlib are. Empty = CMake fetches them.
find_dependencies() {
  DEPENDENCIES=()
  if [[ ! -d $SOURCES ]]; then
    if upstream_in_reach || ! is_debian; then return; fi
    fetch_debian_sources "$SOURCES" protobuf=3.21.12 zlib=1.2.13
  fi
  DEPENDENCIES=("-DFETCHCONTENT_SOURCE_DIR_PROTOBUF=$SOURCES/protobuf" "-DFETCHCONTENT_SOURCE_DIR_ZLIB=$SOURCES/zlib")
}

# Sets DEPENDENCIES for the benchmarks too: where the sources of Google Benchmark are.
BENCH_SOURCES=$CACHE/sources/benchmark-1.7.1
find_bench_dependencies() {
  find_dependencies
  if [[ ! -d $BENCH_SOURCES ]]; then
    if upstream_in_reach || ! is_debian; then return; fi
    fetch_debian_sources "$BENCH_SOURCES" benchmark=1.7.1
  fi
  DEPENDENCIES+=("-DFETCHCONTENT_SOURCE_DIR_GOOGLE_BENCHMARK=$BENCH_SOURCES/benchmark")
}

# fetch_debian_sources FOLDER NAME=VERSION…: takes source packages of the running release from the mirrors that apt
# knows. The deb-src entries are those of /etc/apt with another type, in a folder of their own: the system's list stays
# as it is.
fetch_debian_sources() {
  local folder=$1 apt=$CACHE/apt name pin options
  shift
  say "github.com is out of reach: taking Debian's source packages of ${*%%=*}"
  need_tools 'dpkg-source|1.20|dpkg-dev'
  rm -rf "$apt"
  mkdir -p "$apt"/{lists/partial,etc/sources.list.d,unpacked}
  for name in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
    [[ -f $name ]] || continue
    sed -E 's/^deb /deb-src /; s/^Types:.*/Types: deb-src/' "$name" >"$apt/etc/${name#/etc/apt/}"
  done
  options=(-qq -o "Dir::Etc::SourceList=$apt/etc/sources.list" -o "Dir::Etc::SourceParts=$apt/etc/sources.list.d"
    -o "Dir::State::Lists=$apt/lists" -o "APT::Sandbox::User=$(id -un)")
  # A mirror that has no sources does not matter as long as another does.
  apt-get "${options[@]}" update || true
  (cd "$apt" && apt-get "${options[@]}" source --download-only "${@%%=*}" >/dev/null)
  for pin in "$@"; do
    name=${pin%%=*}
    compgen -G "$apt/${name}_${pin#*=}*.dsc" >/dev/null || die "$pin is needed, apt has $(basename "$apt/$name"_*.dsc)"
    dpkg-source --no-copy -x "$apt/$name"_*.dsc "$apt/unpacked/$name" &>/dev/null
  done
  mkdir -p "$CACHE/sources"
  mv "$apt/unpacked" "$folder"
  rm -rf "$apt"
}

# fresh STAMP OUTPUT INPUT…: whether the output is there and nothing at or below the inputs is newer than the stamp. A
# folder is newer when a file in it came or went.
fresh() {
  [[ -e $1 && -e $2 && -z $(find "${@:3}" -newer "$1" -print -quit 2>/dev/null) ]]
}

# stamped STAMP COMMAND…: the stamp says when the command began, so that what is edited meanwhile counts as newer.
stamped() {
  mkdir -p build/logs
  touch "$1.started"
  "${@:2}"
  mv "$1.started" "$1"
}

# quietly NAME COMMAND…: shows the end of the output only if the command fails; all of it is in build/logs/NAME.log.
quietly() {
  say "Building $1"
  if ! "${@:2}" &>"build/logs/$1.log"; then
    tail -n 40 "build/logs/$1.log" >&2
    die "Could not build $1: build/logs/$1.log has everything"
  fi
}

CORE=(CMakeLists.txt CMakePresets.json cmake proto wasm)
PAGE=(package-lock.json vite.config.ts tsconfig.json netlify.toml web scripts/build_reader.mjs scripts/licenses.mjs)

packages_are_fresh() { [[ node_modules/.package-lock.json -nt package-lock.json ]]; }
native_is_fresh() { fresh build/native.stamp build/native/tensorpane "${CORE[@]}"; }
wasm_is_fresh() { fresh build/wasm.stamp build/wasm/reader.wasm "${CORE[@]}"; }
page_is_fresh() { fresh build/page.stamp dist/index.html "${PAGE[@]}" build/wasm.stamp; }

build_native() { cmake --preset dev "${DEPENDENCIES[@]}" && cmake --build --preset dev; }
build_wasm() { emcmake cmake --preset wasm "${DEPENDENCIES[@]}" && cmake --build --preset wasm; }
build_page() { npm run --silent build; }
build_packages() { npm run --silent package; }

# Tools, dependencies and npm packages.
set_up() {
  need_tools "$BUILD_TOOLS$*"
  find_dependencies
  packages_are_fresh || npm ci --silent --no-fund --no-audit
}

# Make build/native/tensorpane and build/wasm/, and dist/ too, where they are not up to date; `set_up` comes before.
build_core() {
  native_is_fresh || stamped build/native.stamp quietly native build_native
  wasm_is_fresh || stamped build/wasm.stamp quietly wasm build_wasm
}
build_all() {
  build_core
  page_is_fresh || stamped build/page.stamp quietly page build_page
}
