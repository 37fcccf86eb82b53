#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace tensorpane::bench {

/// A file that write_bench_data wrote, whole; the process ends without it. Benchmarks run at the top of the
/// tree.
inline std::string ReadData(const std::string& name) {
  const std::string path = "build/bench/data/" + name;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr || std::fseek(file, 0, SEEK_END) != 0) {
    std::perror(path.c_str());
    std::exit(1);
  }
  std::string bytes(static_cast<size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) {
    std::perror(path.c_str());
    std::exit(1);
  }
  std::fclose(file);
  return bytes;
}

}  // namespace tensorpane::bench
