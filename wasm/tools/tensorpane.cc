// tensorpane dump LOGDIR [--purge=latest|none|split|tensorboard]: what is in a log directory, an archive of
// one or an event file, as JSON on standard output. Without --purge that is every point that was written.

#include <cstdio>
#include <string>
#include <vector>

#include "dump/describe_projector.h"
#include "dump/dump.h"
#include "log/file_reader.h"
#include "tools/log_files.h"

namespace {

namespace fs = std::filesystem;
using tensorpane::FileBytes;
using tensorpane::FileReader;
using tensorpane::LogFiles;

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

std::string DescribeProjector(const fs::path& logdir, const LogFiles& files) {
  using tensorpane::ProjectorDescriber;
  ProjectorDescriber describer(files.beside());
  ProjectorDescriber::Status status = describer.Describe();
  while (status == ProjectorDescriber::Status::kNeed) {
    const ProjectorDescriber::Request& request = describer.request();
    const FileBytes file = {logdir / files.beside()[request.file].path, 0, {}};
    status = describer.Provide(files.Read(file, request.offset, request.length));
  }
  return describer.Take();
}

int Dump(const fs::path& logdir, tensorpane::Purge purge) {
  std::error_code error;
  if (!fs::exists(logdir, error)) {
    std::fprintf(stderr, "tensorpane: %s does not exist\n", logdir.c_str());
    return 1;
  }
  tensorpane::Log log(kBudget);
  const LogFiles files(logdir);
  for (const tensorpane::FoundFile& found : files.files()) {
    const tensorpane::FileId file = log.AddFile(log.FindOrAddRun(found.run), found.name);
    FileReader reader(&log, file, files.SizeOf(found.bytes));
    ReadFile(files, found.bytes, &reader);
  }
  tensorpane::Dumper dumper(&log, purge, DescribeProjector(logdir, files));
  tensorpane::Dumper::Status status = dumper.Write();
  while (status == tensorpane::Dumper::Status::kNeed) {
    const tensorpane::BlobRef& blob = dumper.request();
    const FileBytes& file = files.files()[tensorpane::Index(blob.file)].bytes;
    status = dumper.Provide(files.Read(file, blob.offset, blob.length()));
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
  if (purge && names.size() == 2 && names[0] == "dump") return Dump(names[1], *purge);
  std::fputs("usage: tensorpane dump LOGDIR [--purge=latest|none|split|tensorboard]\n", stderr);
  return 2;
}
