// tensorpane dump LOGDIR [--purge=latest|none|split|tensorboard]: what is in a log directory as JSON, on
// standard output. Without --purge that is every point that was written.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dump/describe_projector.h"
#include "dump/dump.h"
#include "log/file_reader.h"

namespace {

namespace fs = std::filesystem;
using tensorpane::FileReader;

constexpr size_t kBudget = size_t{64} << 30;  // native memory is the machine's own matter
constexpr size_t kFeed = 1 << 20;

/// What is below a log directory.
struct FoundFiles {
  std::map<std::string, std::vector<fs::path>> runs;  ///< event files by directory, in order of name
  std::vector<tensorpane::FileBeside> beside;         ///< all others, in order of path
};

/// Looks for the files below `logdir`. One is an event file if its name contains "tfevents"
/// (tensorboard/backend/event_processing/io_wrapper.py), and holds summaries if it is not the profiler's
/// marker.
FoundFiles FindFiles(const fs::path& logdir) {
  FoundFiles found;
  std::set<fs::path> seen;  // real folders: links may lead back
  std::vector<fs::path> folders = {logdir};
  std::error_code error;
  while (!folders.empty()) {
    const fs::path folder = folders.back();
    folders.pop_back();
    if (!seen.insert(fs::canonical(folder, error)).second) continue;
    for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
         at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (at->is_directory(error)) {
        folders.push_back(at->path());
      } else if (!at->is_regular_file(error)) {
        continue;
      } else if (name.find("tfevents") != std::string::npos && !name.ends_with(".profile-empty")) {
        found.runs[folder.lexically_relative(logdir).generic_string()].push_back(at->path());
      } else {
        const uint64_t size = at->file_size(error);
        found.beside.push_back({at->path().lexically_relative(logdir).generic_string(), error ? 0 : size});
      }
    }
  }
  for (auto& [run, files] : found.runs) std::sort(files.begin(), files.end());
  std::sort(found.beside.begin(), found.beside.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return found;
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

/// Bytes of a payload; none if the file is gone.
std::vector<uint8_t> ReadPart(const fs::path& path, uint64_t offset, uint64_t length) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  std::vector<uint8_t> bytes = ReadAt(file, offset, length);
  std::fclose(file);
  return bytes;
}

std::string DescribeProjector(const fs::path& logdir, const std::vector<tensorpane::FileBeside>& files) {
  using tensorpane::ProjectorDescriber;
  ProjectorDescriber describer(files);
  ProjectorDescriber::Status status = describer.Describe();
  while (status == ProjectorDescriber::Status::kNeed) {
    const ProjectorDescriber::Request& request = describer.request();
    status = describer.Provide(ReadPart(logdir / files[request.file].path, request.offset, request.length));
  }
  return describer.Take();
}

int DumpLogdir(const fs::path& logdir, tensorpane::Purge purge) {
  std::error_code error;
  if (!fs::is_directory(logdir, error)) {
    std::fprintf(stderr, "tensorpane: %s is not a directory\n", logdir.c_str());
    return 1;
  }
  tensorpane::Log log(kBudget);
  std::vector<fs::path> paths;  // by FileId
  FoundFiles found = FindFiles(logdir);
  for (const auto& [run, files] : found.runs) {
    const tensorpane::RunId run_id = log.FindOrAddRun(run);
    for (const fs::path& path : files) {
      const tensorpane::FileId file = log.AddFile(run_id, path.filename().string());
      paths.push_back(path);
      FileReader reader(&log, file, fs::file_size(path, error));
      if (!ReadFile(path, &reader)) std::fprintf(stderr, "tensorpane: %s can't be read\n", path.c_str());
    }
  }
  tensorpane::Dumper dumper(&log, purge, DescribeProjector(logdir, found.beside));
  tensorpane::Dumper::Status status = dumper.Write();
  while (status == tensorpane::Dumper::Status::kNeed) {
    const tensorpane::BlobRef& blob = dumper.request();
    status = dumper.Provide(ReadPart(paths[tensorpane::Index(blob.file)], blob.offset, blob.length()));
  }
  const std::string json = dumper.Take();
  std::fwrite(json.data(), 1, json.size(), stdout);
  std::fputc('\n', stdout);
  return std::ferror(stdout) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::string_view kPurge = "--purge=";
  std::optional<tensorpane::Purge> purge = tensorpane::Purge::kNone;
  std::vector<std::string_view> names;
  for (const std::string_view argument : std::vector<std::string_view>(argv + 1, argv + argc)) {
    if (argument.starts_with(kPurge)) {
      purge = tensorpane::PurgeOfName(argument.substr(kPurge.size()));
    } else {
      names.push_back(argument);
    }
  }
  if (purge && names.size() == 2 && names[0] == "dump") return DumpLogdir(names[1], *purge);
  std::fputs("usage: tensorpane dump LOGDIR [--purge=latest|none|split|tensorboard]\n", stderr);
  return 2;
}
