# Generates proto/*.proto with the host's protoc, whose version must be that of the runtime.
find_program(PROTOC protoc REQUIRED)
execute_process(COMMAND ${PROTOC} --version OUTPUT_VARIABLE protoc_version OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT protoc_version MATCHES "^libprotoc 3\\.21\\.")
  message(FATAL_ERROR "protoc 3.21 is needed (the runtime is 3.21.12), found: ${protoc_version}")
endif()

file(GLOB protos CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/proto/*.proto)
set(proto_sources)
foreach(proto ${protos})
  get_filename_component(name ${proto} NAME_WE)
  set(generated ${CMAKE_BINARY_DIR}/proto/${name}.pb.cc ${CMAKE_BINARY_DIR}/proto/${name}.pb.h)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${PROTOC} -I ${CMAKE_SOURCE_DIR}/proto --cpp_out=${CMAKE_BINARY_DIR}/proto ${proto}
    DEPENDS ${proto})
  list(APPEND proto_sources ${generated})
endforeach()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/proto)

add_library(tensorpane_protos STATIC ${proto_sources})
target_include_directories(tensorpane_protos SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/proto)
target_link_libraries(tensorpane_protos PUBLIC libprotobuf-lite)
