# How our own code is compiled, as one interface target; dependencies keep their own flags.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Assertions name their file: not by the path on the machine that built it.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(TENSORPANE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=address,undefined)
endif()

if(TENSORPANE_FUZZ)
  # Counts the branches of everything, also of zlib and protobuf; a target links the engine itself.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(EMSCRIPTEN)
  if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.6)
    message(FATAL_ERROR "Emscripten ${EMSCRIPTEN_VERSION} is too old: 3.1.6 or newer is needed.")
  endif()
  # Every wasm engine since 2021 has these; without them memcpy and float conversions are slow calls.
  add_compile_options(-msimd128 -mbulk-memory -mnontrapping-fptoint)
endif()

add_library(tensorpane_options INTERFACE)
target_compile_options(tensorpane_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -fno-exceptions -fno-rtti)
