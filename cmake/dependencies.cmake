# Pinned dependencies. Where the addresses are out of reach, FETCHCONTENT_SOURCE_DIR_PROTOBUF, …_ZLIB and
# …_GOOGLE_BENCHMARK name unpacked sources (scripts/setup.sh takes Debian's).
include(FetchContent)

# 3.21.12 is the last release of the 3.21 line: the lite runtime without Abseil.
set(protobuf_BUILD_TESTS OFF CACHE INTERNAL "")
set(protobuf_BUILD_PROTOC_BINARIES OFF CACHE INTERNAL "")
set(protobuf_BUILD_LIBPROTOC OFF CACHE INTERNAL "")
set(protobuf_INSTALL OFF CACHE INTERNAL "")
set(protobuf_WITH_ZLIB OFF CACHE INTERNAL "")
set(protobuf_DISABLE_RTTI ON CACHE INTERNAL "")
FetchContent_Declare(protobuf
  URL https://github.com/protocolbuffers/protobuf/releases/download/v21.12/protobuf-cpp-3.21.12.tar.gz
  URL_HASH SHA256=4eab9b524aa5913c6fffb20b2a8abf5ef7f95a80bc0701f3a6dbb4c607f73460)
FetchContent_GetProperties(protobuf)
if(NOT protobuf_POPULATED)
  FetchContent_Populate(protobuf)
  add_subdirectory(${protobuf_SOURCE_DIR} ${protobuf_BINARY_DIR} EXCLUDE_FROM_ALL)
endif()
target_compile_options(libprotobuf-lite PUBLIC -ffile-prefix-map=${protobuf_SOURCE_DIR}/=)

# Archives and compressed event files. Only what inflates, as a target of ours: zlib's own CMake file renames a header in
# its source tree and wants Windows resources that Debian leaves out.
FetchContent_Declare(zlib
  URL https://github.com/madler/zlib/releases/download/v1.2.13/zlib-1.2.13.tar.gz
  URL_HASH SHA256=b3a24de97a8fdbc835b9833169501030b8977031bcb54b3b3ac13740f846ab30)
FetchContent_GetProperties(zlib)
if(NOT zlib_POPULATED)
  FetchContent_Populate(zlib)
endif()
add_library(zlib_inflate STATIC EXCLUDE_FROM_ALL
  ${zlib_SOURCE_DIR}/adler32.c
  ${zlib_SOURCE_DIR}/crc32.c
  ${zlib_SOURCE_DIR}/inffast.c
  ${zlib_SOURCE_DIR}/inflate.c
  ${zlib_SOURCE_DIR}/inftrees.c
  ${zlib_SOURCE_DIR}/zutil.c)
target_include_directories(zlib_inflate SYSTEM PUBLIC ${zlib_SOURCE_DIR})

# Only for tests/bench, and from its sources, since the same benchmarks are built as WebAssembly.
if(TENSORPANE_BENCH)
  FetchContent_Declare(google_benchmark
    URL https://github.com/google/benchmark/archive/refs/tags/v1.7.1.tar.gz
    URL_HASH SHA256=6430e4092653380d9dc4ccb45a1e2dc9259d581f4866dc0759713126056bc1d7)
  FetchContent_GetProperties(google_benchmark)
  if(NOT google_benchmark_POPULATED)
    FetchContent_Populate(google_benchmark)
  endif()
  file(GLOB google_benchmark_sources ${google_benchmark_SOURCE_DIR}/src/*.cc)
  list(FILTER google_benchmark_sources EXCLUDE REGEX benchmark_main)
  add_library(google_benchmark STATIC EXCLUDE_FROM_ALL ${google_benchmark_sources})
  target_include_directories(google_benchmark SYSTEM PUBLIC ${google_benchmark_SOURCE_DIR}/include)
  target_compile_definitions(google_benchmark PUBLIC BENCHMARK_STATIC_DEFINE PRIVATE HAVE_STD_REGEX)
endif()
