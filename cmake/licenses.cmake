# Leaves the licences of what is part of the wasm in licenses/ of the build, by name and version: dist/licenses.txt has them.
# (libc++ and compiler-rt: the exception of LLVM's licence asks for none beside compiled code.)
function(keep_license name file)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "${name} has no licence at ${file}")
  endif()
  configure_file(${file} ${CMAKE_BINARY_DIR}/licenses/${name}.txt COPYONLY)
endfunction()

keep_license("protobuf 3.21.12" ${protobuf_SOURCE_DIR}/LICENSE)
keep_license("zlib 1.2.13" ${zlib_SOURCE_DIR}/LICENSE)
keep_license("musl, as in Emscripten ${EMSCRIPTEN_VERSION}" ${EMSCRIPTEN_ROOT_PATH}/system/lib/libc/musl/COPYRIGHT)
# Debian's package leaves it out.
if(EXISTS ${EMSCRIPTEN_ROOT_PATH}/LICENSE)
  keep_license("Emscripten ${EMSCRIPTEN_VERSION}" ${EMSCRIPTEN_ROOT_PATH}/LICENSE)
endif()
