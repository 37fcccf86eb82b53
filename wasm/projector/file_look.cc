#include "projector/file_look.h"

#include <algorithm>

#include "archive/looks_like.h"
#include "base/json_writer.h"
#include "base/text_proto.h"
#include "base/utf8.h"
#include "projector/npy.h"
#include "projector/problem_json.h"
#include "projector/projector_config.h"

namespace tensorpane {
namespace {

/// The start of every file that tells what it is.
constexpr uint64_t kStartBytes = 512 << 10;
/// Configs are read whole, up to this.
constexpr uint64_t kMaxConfigBytes = 16 << 20;
/// Arrays of a .npz that are looked at.
constexpr size_t kMaxArrays = 1000;
/// hdfgroup.org, "HDF5 File Format Specification", III.A: it may stand at 0, 512, 1024, 2048 …; nobody puts
/// it elsewhere.
constexpr std::string_view kHdf5 = "\x89HDF\r\n\x1a\n";

void WriteProblem(std::string_view fault, const std::string& path, const ProjectorProblem& place,
                  JsonWriter* json) {
  json->BeginObject();
  WriteProblemMembers(fault, path, place, json);
  if (!place.text.empty()) {
    json->Key("text");
    json->Text(place.text);
  }
  json->EndObject();
}

/// 0 = nobody knows.
void WriteRows(uint64_t rows, JsonWriter* json) {
  if (rows == 0) return;
  json->Key("rows");
  json->Double(static_cast<double>(rows));
}

template <class Shape>
void WriteVariable(std::string_view name, std::string_view dtype, const Shape& shape, uint64_t bytes,
                   JsonWriter* json) {
  json->BeginObject();
  json->Key("name");
  json->Text(ToValidUtf8(AsBytes(name)));
  json->Key("dtype");
  json->Text(dtype);
  json->Key("shape");
  json->BeginArray();
  for (const auto size : shape) json->Double(static_cast<double>(size));
  json->EndArray();
  json->Key("bytes");
  json->Double(static_cast<double>(bytes));
  json->EndObject();
}

/// As NumPy names it.
std::string NameOf(const ElementType& type) {
  const char* const kind = type.kind == ElementType::Kind::kSigned     ? "int"
                           : type.kind == ElementType::Kind::kUnsigned ? "uint"
                                                                       : "float";
  return kind + std::to_string(8 * type.bytes);
}

void WriteArray(std::string_view name, const NpyHeader& header, JsonWriter* json) {
  double bytes = header.type.bytes;
  for (const uint64_t size : header.shape) bytes *= static_cast<double>(size);
  WriteVariable(name, NameOf(header.type), header.shape, static_cast<uint64_t>(std::min(bytes, 9e15)), json);
}

/// The file `checkpoint`, a CheckpointState (tensorflow/python/training/checkpoint_state.proto) as text.
bool ReadCheckpointState(std::string_view text, std::string* latest, std::vector<std::string>* all) {
  using Step = TextProtoReader::Step;
  TextProtoReader reader(text);
  for (;;) {
    switch (reader.Next()) {
      case Step::kScalar:
        if (reader.name() == "model_checkpoint_path") *latest = ToValidUtf8(AsBytes(reader.scalar().text));
        if (reader.name() == "all_model_checkpoint_paths") {
          all->push_back(ToValidUtf8(AsBytes(reader.scalar().text)));
        }
        break;
      case Step::kBegin:
      case Step::kEnd:
        break;
      case Step::kDone:
        return !latest->empty();
      case Step::kFault:
        return false;
    }
  }
}

/// Lines of a text; the last one may not be ended.
uint64_t CountLines(std::string_view text) {
  const auto ends = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
  return ends + (!text.empty() && text.back() != '\n');
}

bool IsConfigName(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == "projector_config.pbtxt";
}

}  // namespace

FileLook::FileLook(const FileTable& files, size_t file) : files_(files), file_(file) {
  range_ = {file, 0, std::min(this->file().size, kStartBytes)};
}

bool FileLook::Next(FileRange* range) {
  for (;;) {
    switch (state_) {
      case State::kDone:
        return false;
      case State::kStart:
      case State::kRest:
      case State::kFooter:
        if (range_.length > 0) {
          *range = range_;
          return true;
        }
        if (state_ == State::kFooter) {
          DoneNone("no_embedding");
          break;
        }
        is_whole_ = true;
        LookAtStart();
        break;
      case State::kIndex:
        if (reading_->Next() != BundleIndexReader::Step::kNeed) {
          EndIndex();
          break;
        }
        *range = {file_, reading_->need().offset, reading_->need().length};
        return true;
      case State::kDirectory:
        switch (directory_->Next()) {
          case ZipDirectory::Step::kNeed:
            *range = {file_, directory_->need().offset, directory_->need().length};
            return true;
          case ZipDirectory::Step::kFault:
            DoneNone(Name(directory_->fault()));
            break;
          case ZipDirectory::Step::kReady:
            state_ = State::kArrays;
            break;
        }
        break;
      case State::kArrays:
        if (NextArray(range)) return true;
        break;
    }
  }
}

void FileLook::Provide(Bytes bytes) {
  switch (state_) {
    case State::kStart:
    case State::kRest: {
      start_ += AsText(bytes);
      const bool ends = bytes.size() < range_.length || start_.size() == file().size;
      const uint64_t wanted = state_ == State::kRest ? kMaxConfigBytes : kStartBytes;
      range_ = {file_, start_.size(),
                std::min({file().size - start_.size(), wanted - start_.size(), kMaxWanted})};
      if (ends) {
        is_whole_ = true;
        range_.length = 0;
      }
      if (range_.length == 0) LookAtStart();
      return;
    }
    case State::kFooter: {
      const bool is_table =
          bytes.size() == SstableReader::kFooterBytes &&
          LoadLittleEndian<uint64_t>(bytes.data() + bytes.size() - 8) == SstableReader::kMagic;
      if (!is_table) {
        DoneNone("no_embedding");
        return;
      }
      reading_.emplace(file().size);
      state_ = State::kIndex;
      return;
    }
    case State::kIndex:
      return reading_->Provide(bytes);
    case State::kDirectory:
      return directory_->Provide(bytes);
    case State::kArrays:
      held_.assign(bytes.begin(), bytes.end());
      return entry_reader_->Provide(held_);
    case State::kDone:
      return;
  }
}

void FileLook::Done(std::string text) {
  text_ = std::move(text);
  state_ = State::kDone;
}

void FileLook::DoneNone(std::string_view fault) {
  JsonWriter json;
  json.BeginObject();
  json.Key("kind");
  json.Text("none");
  json.Key("problem");
  WriteProblem(fault, file().path, {}, &json);
  WriteRows(lines_, &json);
  json.EndObject();
  return Done(json.Take());
}

void FileLook::LookAtStart() {
  if (start_.starts_with(kHdf5)) return Done(R"({"kind":"h5"})");
  if (start_.starts_with("\x93NUMPY")) {
    NpyHeader header;
    const ProjectorFault fault = ReadNpyHeader(AsBytes(start_), &header);
    if (fault != ProjectorFault::kNone) return DoneNone(Name(fault));
    JsonWriter json;
    json.BeginObject();
    json.Key("kind");
    json.Text("npy");
    json.Key("variables");
    json.BeginArray();
    WriteArray("", header, &json);
    json.EndArray();
    json.EndObject();
    return Done(json.Take());
  }
  if (KindOf(AsBytes(start_).first(std::min(start_.size(), kKindBytes))) == ArchiveKind::kZip) {
    directory_.emplace(file().size);
    state_ = State::kDirectory;
    return;
  }
  if (LookAtText()) return;
  range_ = {file_, file().size - SstableReader::kFooterBytes, SstableReader::kFooterBytes};
  if (file().size < SstableReader::kFooterBytes || file().size >= uint64_t{1} << 53)
    return DoneNone("no_embedding");
  state_ = State::kFooter;
}

bool FileLook::LookAtText() {
  const std::string_view text = WithoutMark(start_);
  const size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  ProjectorConfig config;
  ProjectorProblem problem;
  bool is_config = false;
  if (is_json) {
    is_config = ParseProjectorJson(text.substr(first), &config);
  } else if (text.find('\0') == std::string_view::npos) {
    problem = ParseProjectorConfig(text, &config);
    is_config = problem.ok() && (!config.embeddings.empty() || IsConfigName(file().path));
    std::string latest;
    std::vector<std::string> all;
    if (!is_config && is_whole_ && ReadCheckpointState(text, &latest, &all)) {
      JsonWriter json;
      json.BeginObject();
      json.Key("kind");
      json.Text("checkpoints");
      json.Key("latest");
      json.Text(latest);
      json.Key("all");
      json.BeginArray();
      for (const std::string& path : all) json.Text(path);
      json.EndArray();
      json.EndObject();
      Done(json.Take());
      return true;
    }
  }
  // A config that is longer than the start of it.
  const bool may_be = is_config || is_json || !config.embeddings.empty() || IsConfigName(file().path);
  if (may_be && !is_whole_ && state_ == State::kStart) {
    state_ = State::kRest;
    range_ = {file_, start_.size(), std::min(file().size - start_.size(), kMaxWanted)};
    return true;
  }
  if (is_config || IsConfigName(file().path)) {
    if (!is_whole_) {
      config = {};
      problem = {ProjectorFault::kTooBig, 0, 0, {}};
    }
    Done(DescribeConfig(config, problem));
    return true;
  }
  const bool is_text = !is_json && text.find('\0') == std::string_view::npos;
  if (is_text && start_.size() == file().size) lines_ = CountLines(text);
  const std::optional<TableForm> form =
      is_json ? std::nullopt : FindTableForm(start_, is_whole_ && start_.size() == file().size);
  if (!form) return false;
  JsonWriter json;
  json.BeginObject();
  json.Key("kind");
  json.Text(form->has_words ? "words" : "table");
  json.Key("columns");
  json.Unsigned(form->numbers());
  const uint64_t counted = lines_ > form->has_header ? lines_ - form->has_header : 0;
  WriteRows(form->told_rows > 0 ? form->told_rows : counted, &json);
  json.EndObject();
  Done(json.Take());
  return true;
}

void FileLook::EndIndex() {
  const BundleFault fault = reading_->fault();
  if (fault == BundleFault::kNotACheckpoint) return DoneNone("no_embedding");
  index_ = std::make_shared<const BundleIndex>(reading_->Take());
  JsonWriter json;
  json.BeginObject();
  json.Key("kind");
  json.Text("checkpoint");
  json.Key("variables");
  json.BeginArray();
  for (const BundleEntry& variable : index_->variables()) {
    const DTypeInfo info = InfoOf(variable.dtype);
    const double bytes = std::min(static_cast<double>(variable.elements) * info.bytes, 9e15);
    WriteVariable(variable.name, info.name, variable.shape, static_cast<uint64_t>(bytes), &json);
  }
  json.EndArray();
  if (fault != BundleFault::kNone) {
    json.Key("problem");
    WriteProblem(Name(fault), file().path, {}, &json);
  }
  json.EndObject();
  return Done(json.Take());
}

bool FileLook::NextArray(FileRange* range) {
  const std::vector<ZipEntry>& entries = directory_->entries();
  for (; entry_ < std::min(entries.size(), kMaxArrays);
       ++entry_, entry_reader_.reset(), array_start_.clear()) {
    const ZipEntry& entry = entries[entry_];
    if (entry.is_directory || !entry.name.ends_with(".npy")) continue;
    if (!entry_reader_) entry_reader_.emplace(entry);
    NpyHeader header;
    ProjectorFault fault = ProjectorFault::kCutOff;
    while (fault == ProjectorFault::kCutOff) {
      const ZipEntryReader::Step step = entry_reader_->Next();
      if (step == ZipEntryReader::Step::kNeed) {
        *range = {file_, entry_reader_->need().offset,
                  std::min<uint64_t>(entry_reader_->need().length, 64 << 10)};
        return true;
      }
      if (step != ZipEntryReader::Step::kOutput) break;
      const Bytes output = entry_reader_->output();
      array_start_ += AsText(output.first(std::min(output.size(), kMaxNpyHeaderBytes)));
      fault = ReadNpyHeader(AsBytes(array_start_), &header);
    }
    if (fault != ProjectorFault::kNone) continue;
    JsonWriter json;
    WriteArray(std::string_view(entry.name).substr(0, entry.name.size() - 4), header, &json);
    if (!arrays_.empty()) arrays_ += ',';
    arrays_ += json.Take();
  }
  if (arrays_.empty()) {
    DoneNone("no_embedding");
  } else {
    Done(R"({"kind":"npz","variables":[)" + arrays_ + "]}");
  }
  return false;
}

std::string FileLook::DescribeConfig(const ProjectorConfig& config, const ProjectorProblem& problem) const {
  const std::string& path = file().path;
  const size_t slash = path.rfind('/');
  const std::string_view directory =
      slash == std::string::npos ? "" : std::string_view(path).substr(0, slash);
  JsonWriter json;
  JsonWriter outside;
  // A path that the config names, from where its own is; what leads out is told.
  const auto write_path = [&](std::string_view key, const std::string& named) {
    json.Key(key);
    const std::optional<std::string> place =
        IsUrl(named) ? std::optional<std::string>(named) : PathInConfigDirectory(directory, named);
    json.Text(place.value_or(""));
    if (place || named.empty()) return;
    WriteProblem("outside", path, {ProjectorFault::kNone, 0, 0, named}, &outside);
  };
  const auto write_numbers = [&](std::string_view key, const std::vector<uint32_t>& numbers) {
    json.Key(key);
    json.BeginArray();
    for (const uint32_t number : numbers) json.Unsigned(number);
    json.EndArray();
  };
  json.BeginObject();
  json.Key("kind");
  json.Text("config");
  json.Key("checkpoint");
  json.Text(config.model_checkpoint_path);
  json.Key("embeddings");
  json.BeginArray();
  for (const EmbeddingInfo& embedding : config.embeddings) {
    outside = {};
    outside.BeginArray();
    json.BeginObject();
    json.Key("name");
    json.Text(embedding.tensor_name);
    write_path("tensor", embedding.tensor_path);
    json.Key("form");
    const TensorForm form = FormOfTensor(embedding.tensor_path);
    json.Text(form == TensorForm::kNpy ? "npy" : form == TensorForm::kRaw ? "bytes" : "table");
    write_numbers("shape", embedding.tensor_shape);
    write_path("metadata", embedding.metadata_path);
    const SpriteMetadata sprite = embedding.sprite.value_or(SpriteMetadata());
    write_path("sprite", sprite.image_path);
    write_numbers("spriteSize", sprite.single_image_dim);
    write_path("bookmarks", embedding.bookmarks_path);
    outside.EndArray();
    json.Key("problems");
    json.Raw(outside.Take());
    json.EndObject();
  }
  json.EndArray();
  if (!problem.ok()) {
    json.Key("problem");
    WriteProblem(Name(problem.fault), path, problem, &json);
  }
  json.EndObject();
  return json.Take();
}

}  // namespace tensorpane
