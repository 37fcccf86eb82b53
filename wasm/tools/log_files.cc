#include "tools/log_files.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "archive/archive_reader.h"
#include "base/natural_order.h"

namespace tensorpane {
namespace {

namespace fs = std::filesystem;

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

// What is an event file or an archive by its name must be the same in web/src/sources/log_names.mjs.

/// tensorboard/backend/event_processing/io_wrapper.py, less the empty marks that the profiler leaves.
bool IsEventFile(const std::string& path) {
  return NameOf(path).find("tfevents") != std::string::npos && !path.ends_with(".profile-empty");
}

/// Length of the extension of `path` if it is one of those, in small or capital letters, and a name is before
/// it.
size_t ExtensionOf(const std::string& path, std::initializer_list<std::string_view> extensions) {
  const std::string name = NameOf(path);
  for (const std::string_view extension : extensions) {
    if (name.size() <= extension.size()) continue;
    const bool same = std::equal(extension.begin(), extension.end(), name.end() - extension.size(),
                                 [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
    if (same) return extension.size();
  }
  return 0;
}

size_t ArchiveExtensionOf(const std::string& path) {
  return ExtensionOf(path, {".tar.gz", ".zip", ".tar", ".tgz"});
}

std::string WithoutExtension(const std::string& path) {
  const size_t of_archive = ArchiveExtensionOf(path);
  return path.substr(0, path.size() - (of_archive > 0 ? of_archive : ExtensionOf(path, {".gz"})));
}

/// The run of a file below the log directory: an archive is a directory of its name.
std::string RunOf(const std::string& path) {
  return ArchiveExtensionOf(path) > 0 ? WithoutExtension(path) : DirectoryOf(path);
}

void SortForReading(std::vector<FoundFile>* files) {
  std::sort(files->begin(), files->end(), [](const FoundFile& a, const FoundFile& b) {
    return a.run == b.run ? a.name < b.name : NaturalLess(a.run, b.run);
  });
}

void Tell(const FoundFile& file, const std::string& what) {
  std::fprintf(stderr, "tensorpane: %s: %s\n",
               (file.run == "." ? file.name : file.run + "/" + file.name).c_str(), what.c_str());
}

void Tell(const FoundFile& archive, const std::string& entry, ArchiveFault fault) {
  Tell(archive, (entry.empty() ? "the archive" : entry) + " can't be read, or not all of it: " + Name(fault));
}

constexpr const char* kNested = "an archive inside an archive is not opened";

}  // namespace

LogFiles::LogFiles(const fs::path& path) {
  std::error_code error;
  is_single_ = !fs::is_directory(path, error);
  if (is_single_) {
    found_.push_back({".", path.filename().string(), {path, 0, {}}});
  } else {
    Walk(path);
    SortForReading(&found_);
  }
  for (const FoundFile& file : found_) Open(file, OutOf::kDirectory);
}

void LogFiles::Walk(const fs::path& root) {
  std::set<fs::path> seen;  // real folders: links may lead back
  std::vector<fs::path> folders = {root};
  std::error_code error;
  while (!folders.empty()) {
    const fs::path folder = folders.back();
    folders.pop_back();
    if (!seen.insert(fs::canonical(folder, error)).second) continue;
    for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
         at != end; at.increment(error)) {
      if (at->is_directory(error)) {
        folders.push_back(at->path());
      } else if (at->is_regular_file(error)) {
        const std::string path = at->path().lexically_relative(root).generic_string();
        if (IsEventFile(path) || ArchiveExtensionOf(path) > 0) {
          found_.push_back({RunOf(path), NameOf(path), {at->path(), 0, {}}});
        } else {
          const uint64_t size = at->file_size(error);
          beside_.push_back({path, error ? 0 : size});
        }
      }
    }
  }
  std::sort(beside_.begin(), beside_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

std::vector<uint8_t> LogFiles::Read(const FileBytes& file, uint64_t offset, uint64_t length) const {
  if (file.size) length = offset < *file.size ? std::min(length, *file.size - offset) : 0;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(nullptr, std::fclose);
  if (!file.path.empty()) opened.reset(std::fopen(file.path.c_str(), "rb"));
  std::FILE* const from = file.path.empty() ? unpacked_.get() : opened.get();
  if (from == nullptr || fseeko(from, static_cast<off_t>(file.offset + offset), SEEK_SET) != 0) return {};
  std::vector<uint8_t> bytes(length);
  bytes.resize(std::fread(bytes.data(), 1, length, from));
  return bytes;
}

uint64_t LogFiles::SizeOf(const FileBytes& file) const {
  if (file.size) return *file.size;
  std::error_code error;
  const uint64_t size = fs::file_size(file.path, error);
  return error ? 0 : size - std::min(size, file.offset);
}

void LogFiles::Open(const FoundFile& file, OutOf out_of) {
  const std::vector<uint8_t> start = Read(file.bytes, 0, kKindBytes);
  if (start.empty() && SizeOf(file.bytes) > 0) Tell(file, "can't be read");
  const ArchiveKind kind = KindOf(start);
  const bool packs = kind == ArchiveKind::kZip || kind == ArchiveKind::kTar;
  if (kind == ArchiveKind::kNone) {
    files_.push_back(file);
  } else if (out_of == OutOf::kCompression || (out_of == OutOf::kArchive && packs)) {
    Tell(file, kNested);
  } else {
    OpenArchive(file, kind, out_of);
  }
}

/// What of an archive is wanted.
struct LogFiles::Unpacking {
  std::vector<FoundFile> files;  // `name` = path in the archive
  struct Known {
    size_t number;
    bool is_whole;
  };
  std::map<std::string, Known> by_path;

  /// Of a path that comes twice, the last one is meant, but none with a fault in place of one without:
  /// PackedFile of web/src/engine/archives/unpacking.ts does the same.
  void Add(const FoundFile& file, bool is_whole) {
    const auto [at, is_new] = by_path.emplace(file.name, Known{files.size(), is_whole});
    Known& known = at->second;
    if (is_new) {
      files.push_back(file);
    } else if (is_whole || !known.is_whole) {
      files[known.number] = file;
      known.is_whole = is_whole;
    }
  }
};

void LogFiles::OpenArchive(const FoundFile& file, ArchiveKind kind, OutOf out_of) {
  using Step = ArchiveReader::Step;
  const std::unique_ptr<ArchiveReader> reader = ArchiveReader::Make(kind, SizeOf(file.bytes));
  Unpacking unpacking;
  bool is_bare = false;
  size_t entries = 0;
  FileBytes open;
  const auto stored = [&](ByteRange range) {
    return FileBytes{file.bytes.path, file.bytes.offset + range.offset, range.length};
  };
  for (Step step = reader->Next(); step != Step::kEnd; step = reader->Next()) {
    const ArchiveEntry& entry = reader->entry();
    if (step == Step::kNeed) {
      reader->Provide(Read(file.bytes, reader->need().offset, reader->need().length));
    } else if (step == Step::kEntry) {
      const size_t number = entries++;
      is_bare = entry.bare;
      if (!is_bare && out_of != OutOf::kDirectory) return Tell(file, kNested);
      if (entry.is_directory) continue;
      if (!is_bare && ArchiveExtensionOf(entry.name) > 0 && !IsEventFile(entry.name)) {
        Tell(file, entry.name + ": " + kNested);
        continue;
      }
      // The Finder packs a twin `._x` with each x.
      if (is_bare ? !(is_single_ || IsEventFile(file.name) || IsEventFile(entry.name))
                  : !IsEventFile(entry.name) || NameOf(entry.name).starts_with("._")) {
        continue;
      }
      if (entry.fault != ArchiveFault::kNone) {
        Tell(file, entry.name, entry.fault);
      } else if (entry.stored) {
        unpacking.Add({{}, entry.name, stored(*entry.stored)}, true);
      } else {
        reader->Open(number);
        open = {{}, unpacked_bytes_, 0};
      }
    } else if (step == Step::kData) {
      if (!unpacked_) unpacked_.reset(std::tmpfile());
      if (!unpacked_ || fseeko(unpacked_.get(), static_cast<off_t>(unpacked_bytes_), SEEK_SET) != 0 ||
          std::fwrite(reader->data().data(), 1, reader->data().size(), unpacked_.get()) !=
              reader->data().size()) {
        return Tell(file, "there is no room to unpack it");
      }
      unpacked_bytes_ += reader->data().size();
    } else if (step == Step::kEntryEnd) {
      const ArchiveFault fault = reader->fault();
      open.size = unpacked_bytes_ - open.offset;
      if (fault != ArchiveFault::kNone) Tell(file, entry.name, fault);
      if (fault == ArchiveFault::kNone && entry.stored) open = stored(*entry.stored);
      // Of a bomb nothing is kept; of what is damaged, all before that is good.
      if (fault == ArchiveFault::kNone || (*open.size > 0 && CodeOf(fault) != ErrorCode::kTooBig)) {
        unpacking.Add({{}, entry.name, open}, fault == ArchiveFault::kNone);
      }
    }
  }
  if (reader->fault() != ArchiveFault::kNone) Tell(file, "", reader->fault());
  if (unpacking.files.empty()) {
    Tell(file, "no event files in it");
  } else if (is_bare) {
    Open({file.run, file.name, unpacking.files[0].bytes}, OutOf::kCompression);
  } else {
    Place(file, std::move(unpacking.files));
  }
}

void LogFiles::Place(const FoundFile& archive, std::vector<FoundFile> packed) {
  // A single folder that holds all is the log directory if the archive is, or if it has the archive's name.
  const auto top_of = [](const FoundFile& file) { return file.name.substr(0, file.name.find('/') + 1); };
  std::string top = top_of(packed[0]);
  const bool is_root = archive.run == ".";
  if (!is_root && top != WithoutExtension(archive.name) + "/") top = "";
  for (const FoundFile& file : packed) {
    if (top_of(file) != top) top = "";
  }
  // What was packed elsewhere is never mixed in with runs that are there.
  std::set<std::string> taken = packed_runs_;
  for (const FoundFile& other : found_) {
    if (&other != &archive) taken.insert(other.run);
  }
  for (FoundFile& file : packed) {
    const std::string path = file.name.substr(top.size()), directory = DirectoryOf(path);
    file.run = directory == "." ? archive.run : is_root ? directory : archive.run + "/" + directory;
    file.name = NameOf(path);
  }
  SortForReading(&packed);
  std::set<std::string> used = taken;
  for (const FoundFile& file : packed) used.insert(file.run);
  std::map<std::string, std::string> names;
  for (FoundFile& file : packed) {
    std::string& name = names[file.run];
    if (name.empty()) {
      name = file.run;
      for (int n = 2; taken.contains(file.run) && used.contains(name); ++n) {
        name = file.run + " (" + std::to_string(n) + ")";
      }
      used.insert(name);
      packed_runs_.insert(name);
    }
    file.run = name;
    Open(file, OutOf::kArchive);
  }
}

}  // namespace tensorpane
