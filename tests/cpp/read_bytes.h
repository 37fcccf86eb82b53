#pragma once

// Drives a FileReader over bytes in memory, as the worker and the command line tool do over a file.

#include <functional>
#include <string>

#include "dump/dump.h"
#include "log/file_reader.h"

namespace tensorpane::testing {

/// Reads `bytes` into `log`; `next_cut` says how many bytes to feed next (at least 1). Returns the file.
inline FileId ReadBytes(
    Log* log, const std::string& run, const std::string& bytes, bool size_known = true,
    const std::function<size_t()>& next_cut = [] { return size_t{1} << 20; }) {
  const FileId id = log->AddFile(log->FindOrAddRun(run), "events.out.tfevents.1");
  FileReader reader(log, id, size_known ? bytes.size() : RecordReader::kUnknownSize);
  size_t at = 0;
  for (;;) {
    const size_t length = std::min(next_cut(), bytes.size() - at);
    const bool at_end = length == 0;
    FileReader::Status status = at_end ? reader.Finish() : reader.Feed(AsBytes(bytes).subspan(at, length));
    at += length;
    while (status == FileReader::Status::kNeed) {
      const auto [offset, wanted] = reader.request();
      status =
          reader.Provide(AsBytes(bytes).subspan(offset, std::min<size_t>(wanted, bytes.size() - offset)));
    }
    if (status == FileReader::Status::kRewind) {
      at = reader.request().offset;
    } else if (at_end || status == FileReader::Status::kStop) {
      return id;
    }
  }
}

inline std::string DumpOf(
    const std::string& bytes, bool size_known = true,
    const std::function<size_t()>& next_cut = [] { return size_t{1} << 20; }) {
  Log log(size_t{1} << 30);
  ReadBytes(&log, ".", bytes, size_known, next_cut);
  Dumper dumper(&log);
  Dumper::Status status = dumper.Write();
  while (status == Dumper::Status::kNeed) {
    status = dumper.Provide(AsBytes(bytes).subspan(dumper.request().offset, dumper.request().length()));
  }
  return dumper.Take();
}

}  // namespace tensorpane::testing
