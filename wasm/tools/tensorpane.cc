// tensorpane dump LOGDIR [--purge=latest|none|split|tensorboard]: what is in a log directory, an archive of
// one or an event file, as JSON on standard output. Without --purge that is every point that was written.
// tensorpane graph LOGDIR: what the graphs in it are like. tensorpane graph FILE: the same of a graph in a
// file of its own (.pb, .pbtxt, .json).

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "dump/describe_projector.h"
#include "dump/dump.h"
#include "graph/graph_report.h"
#include "graph/graph_source.h"
#include "log/file_reader.h"
#include "tools/describe_graphs.h"
#include "tools/log_files.h"

namespace {

namespace fs = std::filesystem;
using tensorpane::FileBytes;
using tensorpane::FileReader;
using tensorpane::LogFiles;
using tensorpane::ProjectorDescriber;

constexpr size_t kBudget = size_t{64} << 30;  // native memory is the machine's own matter
constexpr size_t kFeed = 1 << 20;

void ReadFile(const LogFiles& files, const FileBytes& file, FileReader* reader) {
  uint64_t at = 0;
  bool done = false;
  while (!done) {
    const std::vector<uint8_t> bytes = files.Read(file, at, kFeed);
    at += bytes.size();
    FileReader::Status status = bytes.empty() ? reader->Finish() : reader->Feed(bytes);
    while (status == FileReader::Status::kNeed) {
      status = reader->Provide(files.Read(file, reader->request().offset, reader->request().length));
    }
    if (status == FileReader::Status::kRewind) {
      at = reader->request().offset;
    } else {
      done = bytes.empty() || status == FileReader::Status::kStop;
    }
  }
}

void DescribeBeside(const fs::path& logdir, const LogFiles& files, ProjectorDescriber* describer) {
  ProjectorDescriber::Status status = describer->Describe();
  while (status == ProjectorDescriber::Status::kNeed) {
    const tensorpane::FileRequest& request = describer->request();
    const FileBytes file = {logdir / files.beside()[request.file].path, 0, {}};
    status = describer->Provide(files.Read(file, request.offset, request.length));
  }
}

void ReadFiles(const LogFiles& files, tensorpane::Log* log) {
  for (const tensorpane::FoundFile& found : files.files()) {
    const tensorpane::FileId file = log->AddFile(log->FindOrAddRun(found.run), found.name);
    FileReader reader(log, file, files.SizeOf(found.bytes));
    ReadFile(files, found.bytes, &reader);
  }
}

int Print(const std::string& json) {
  std::fwrite(json.data(), 1, json.size(), stdout);
  std::fputc('\n', stdout);
  return std::ferror(stdout) ? 1 : 0;
}

int Dump(const fs::path& logdir, tensorpane::Purge purge) {
  tensorpane::Log log(kBudget);
  const LogFiles files(logdir);
  ReadFiles(files, &log);
  ProjectorDescriber beside(files.beside());
  DescribeBeside(logdir, files, &beside);
  tensorpane::Dumper dumper(&log, purge, beside.Take(), beside.TakeCheckpoints());
  tensorpane::Dumper::Status status = dumper.Write();
  while (status == tensorpane::Dumper::Status::kNeed) {
    const tensorpane::BlobRef& blob = dumper.request();
    const FileBytes& file = files.files()[tensorpane::Index(blob.file)].bytes;
    status = dumper.Provide(files.Read(file, blob.offset, blob.length()));
  }
  return Print(dumper.Take());
}

std::vector<uint8_t> ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int PrintGraphs(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) {
    if (const auto graph = tensorpane::ReadGraphFile(ReadWhole(path))) {
      tensorpane::JsonWriter json;
      tensorpane::WriteGraphReport(*graph, &json);
      return Print(json.Take());
    }
  }
  tensorpane::Log log(kBudget);
  const LogFiles files(path);
  ReadFiles(files, &log);
  const auto read = [&files](const tensorpane::BlobRef& blob) {
    return files.Read(files.files()[tensorpane::Index(blob.file)].bytes, blob.offset, blob.length());
  };
  return Print(tensorpane::DescribeGraphs(log, read));
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
  const bool is_dump = names.size() == 2 && names[0] == "dump" && purge;
  const bool is_graph = names.size() == 2 && names[0] == "graph" && argc == 3;
  if (!is_dump && !is_graph) {
    std::fputs(
        "usage: tensorpane dump LOGDIR [--purge=latest|none|split|tensorboard]\n"
        "       tensorpane graph LOGDIR\n",
        stderr);
    return 2;
  }
  const fs::path path = names[1];
  std::error_code error;
  if (!fs::exists(path, error)) {
    std::fprintf(stderr, "tensorpane: %s does not exist\n", path.c_str());
    return 1;
  }
  return is_dump ? Dump(path, *purge) : PrintGraphs(path);
}
