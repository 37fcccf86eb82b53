// tensorpane dump LOGDIR: everything in a log directory as JSON, on standard output.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "log/dump.h"
#include "log/file_reader.h"

namespace {

namespace fs = std::filesystem;
using tensorpane::FileReader;

constexpr size_t kBudget = size_t{64} << 30;  // native memory is the machine's own matter
constexpr size_t kFeed = 1 << 20;

/// Event files by directory below `logdir`. A file is one if its name contains "tfevents"
/// (tensorboard/backend/event_processing/io_wrapper.py), and holds summaries if it is not the profiler's
/// marker.
std::map<std::string, std::vector<fs::path>> FindEventFiles(const fs::path& logdir) {
  std::map<std::string, std::vector<fs::path>> runs;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(logdir, fs::directory_options::follow_directory_symlink)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.find("tfevents") == std::string::npos ||
        name.ends_with(".profile-empty")) {
      continue;
    }
    runs[fs::relative(entry.path().parent_path(), logdir).generic_string()].push_back(entry.path());
  }
  for (auto& [run, files] : runs) std::sort(files.begin(), files.end());
  return runs;
}

/// Bytes of `file` from `offset` on, at most `length`.
std::vector<uint8_t> ReadAt(std::FILE* file, uint64_t offset, size_t length) {
  std::vector<uint8_t> bytes(length);
  if (fseeko(file, static_cast<off_t>(offset), SEEK_SET) != 0) return {};
  bytes.resize(std::fread(bytes.data(), 1, length, file));
  return bytes;
}

bool ReadFile(const fs::path& path, FileReader* reader) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  uint64_t at = 0;
  bool done = false;
  while (!done) {
    const std::vector<uint8_t> bytes = ReadAt(file, at, kFeed);
    at += bytes.size();
    FileReader::Status status = bytes.empty() ? reader->Finish() : reader->Feed(bytes);
    while (status == FileReader::Status::kNeed) {
      status = reader->Provide(ReadAt(file, reader->request().offset, reader->request().length));
    }
    if (status == FileReader::Status::kRewind) {
      at = reader->request().offset;
    } else {
      done = bytes.empty() || status == FileReader::Status::kStop;
    }
  }
  std::fclose(file);
  return true;
}

int DumpLogdir(const fs::path& logdir) {
  std::error_code error;
  if (!fs::is_directory(logdir, error)) {
    std::fprintf(stderr, "tensorpane: %s is not a directory\n", logdir.c_str());
    return 1;
  }
  tensorpane::Log log(kBudget);
  for (const auto& [run, files] : FindEventFiles(logdir)) {
    const tensorpane::RunId run_id = log.FindOrAddRun(run);
    for (const fs::path& path : files) {
      const tensorpane::FileId file = log.AddFile(run_id, path.filename().string());
      FileReader reader(&log, file, fs::file_size(path, error));
      if (!ReadFile(path, &reader)) std::fprintf(stderr, "tensorpane: %s can't be read\n", path.c_str());
    }
  }
  const std::string json = tensorpane::Dump(log);
  std::fwrite(json.data(), 1, json.size(), stdout);
  std::fputc('\n', stdout);
  return std::ferror(stdout) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "dump") return DumpLogdir(argv[2]);
  std::fputs("usage: tensorpane dump LOGDIR\n", stderr);
  return 2;
}
