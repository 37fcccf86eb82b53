#pragma once

#include <cstdint>
#include <string>

namespace tensorpane {

/// A file below the log directory that is no event file.
struct FileBeside {
  std::string path;  ///< from the log directory, "/" separated
  uint64_t size = 0;
};

/// Bytes of one of them.
struct FileRequest {
  size_t file;  ///< index into the files
  uint64_t offset;
  uint64_t length;
};

}  // namespace tensorpane
