#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "archive/looks_like.h"
#include "dump/file_beside.h"

namespace tensorpane {

/// Where the bytes of an event file are: a file or a part of one, or a part of what was unpacked.
struct FileBytes {
  std::filesystem::path path;  ///< empty = unpacked
  uint64_t offset = 0;
  std::optional<uint64_t> size;  ///< nothing = to its end
};

struct FoundFile {
  std::string
      run;  ///< directory below the log directory, '/' between names; "." for the log directory itself
  std::string name;  ///< without directories
  FileBytes bytes;
};

/// The event files below a log directory or in archives, and what lies beside them. Which these are, and the
/// run of each, is as in the page: web/src/sources/event_files.ts, of archives web/src/engine/reading.ts.
/// What an archive does not give is told on standard error.
class LogFiles {
 public:
  /// `path` is a directory, an archive or an event file.
  explicit LogFiles(const std::filesystem::path& path);

  /// In the order in which they are to be read.
  const std::vector<FoundFile>& files() const { return files_; }
  /// The other files below the directory, in order of path; none of those in archives.
  const std::vector<FileBeside>& beside() const { return beside_; }

  /// Bytes of a file that was found, from `offset` on, at most `length`; none if it is gone.
  std::vector<uint8_t> Read(const FileBytes& file, uint64_t offset, uint64_t length) const;
  uint64_t SizeOf(const FileBytes& file) const;

 private:
  enum class OutOf : uint8_t { kDirectory, kArchive, kCompression };
  struct Unpacking;

  void Walk(const std::filesystem::path& root);
  /// Takes the file in, or what it is an archive of.
  void Open(const FoundFile& file, OutOf out_of);
  void OpenArchive(const FoundFile& file, ArchiveKind kind, OutOf out_of);
  /// Takes in the files of an archive, whose names are paths in it yet.
  void Place(const FoundFile& archive, std::vector<FoundFile> packed);

  bool is_single_ = false;        ///< one file was named, and is tried whatever its name is
  std::vector<FoundFile> found_;  ///< archives unopened
  std::vector<FoundFile> files_;
  std::set<std::string> packed_runs_;
  std::vector<FileBeside> beside_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> unpacked_{nullptr, std::fclose};
  uint64_t unpacked_bytes_ = 0;
};

}  // namespace tensorpane
