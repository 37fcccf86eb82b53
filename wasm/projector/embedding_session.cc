#include "projector/embedding_session.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "events/tensor.h"
#include "events/tensor_fields.h"
#include "projector/file_look.h"
#include "projector/metadata.h"
#include "projector/problem_json.h"
#include "projector/tensor_source.h"

namespace tensorpane {
namespace {

/// FileTensor of web/src/engine/embeddings/embeddings.ts; what is not understood stays empty.
TensorPlace ReadPlace(std::string_view json) {
  using Token = JsonReader::Token;
  TensorPlace place;
  JsonReader reader(AsBytes(json));
  if (reader.Next() != Token::kBeginObject) return place;
  while (reader.Next() == Token::kKey) {
    const std::string key = reader.text();
    Token token = reader.Next();
    std::string* const text = key == "path"   ? &place.path
                              : key == "form" ? &place.form
                              : key == "name" ? &place.name
                                              : nullptr;
    if (text != nullptr && token == Token::kText) {
      *text = reader.text();
    } else if (key == "shape" && token == Token::kBeginArray) {
      for (token = reader.Next(); token == Token::kNumber; token = reader.Next()) {
        const bool fits = reader.number() >= 0 && reader.number() <= UINT32_MAX;
        place.shape.push_back(fits ? static_cast<uint32_t>(reader.number()) : UINT32_MAX);
      }
    } else if (!reader.Skip(token)) {
      break;
    }
  }
  return place;
}

void WriteNumber(std::string_view key, double number, JsonWriter* json) {
  json->Key(key);
  json->Double(number);
}

/// EmbeddingProblem
void WriteProblem(std::string_view fault, std::string_view path, const ProjectorProblem& place,
                  JsonWriter* json) {
  json->Key("problem");
  json->BeginObject();
  WriteProblemMembers(fault, path, place, json);
  json->EndObject();
}

std::string_view TypeOf(const Metadata::Column& column) {
  if (column.is_number) return "number";
  return column.distinct <= Metadata::kMaxCategories ? "category" : "text";
}

/// Members of MetadataFacts.
struct TableFacts {
  size_t table;
  uint64_t file_rows;
  bool has_header;
  const RowFaults* faults;
};

void WriteMetadataFacts(const Metadata& metadata, const TableFacts& facts, JsonWriter* json) {
  json->BeginObject();
  json->Key("table");
  json->Unsigned(facts.table);
  json->Key("rows");
  json->Unsigned(metadata.rows());
  json->Key("fileRows");
  json->Unsigned(facts.file_rows);
  json->Key("hasHeader");
  json->Bool(facts.has_header);
  json->Key("next");
  json->Integer(metadata.next_column());
  json->Key("columns");
  json->BeginArray();
  for (const Metadata::Column& column : metadata.columns()) {
    json->BeginObject();
    json->Key("name");
    json->Text(column.name);
    json->Key("type");
    json->Text(TypeOf(column));
    if (column.is_number) {
      WriteNumber("min", column.min, json);
      WriteNumber("max", column.max, json);
    }
    json->Key("distinct");
    json->Unsigned(column.distinct);
    json->Key("empty");
    json->Unsigned(column.empty);
    json->EndObject();
  }
  json->EndArray();
  json->Key("faults");
  facts.faults->Write(json);
}

}  // namespace

struct EmbeddingSession::State {
  enum class Task : uint8_t { kNone, kLook, kTensor, kMetadata };

  FileTable files;
  /// What was said of checkpoints, so that their .index is read once.
  std::map<size_t, std::shared_ptr<const BundleIndex>> indices;
  std::vector<std::unique_ptr<Metadata>> tables;  // null once closed

  Task task = Task::kNone;
  std::optional<FileLook> look;
  std::unique_ptr<TensorSource> tensor;
  std::string tensor_path;
  std::optional<MetadataReader> metadata;
  FileRange range;

  const Metadata* Table(size_t table) const {
    static const Metadata kNone;
    return table < tables.size() && tables[table] ? tables[table].get() : &kNone;
  }
  size_t AddTable(Metadata metadata_read) {
    tables.push_back(std::make_unique<Metadata>(std::move(metadata_read)));
    return tables.size() - 1;
  }
};

EmbeddingSession::EmbeddingSession() : state_(std::make_unique<State>()) {}
EmbeddingSession::~EmbeddingSession() = default;

size_t EmbeddingSession::AddFile(std::string path, uint64_t size) {
  const size_t file = state_->files.Add(std::move(path), std::min(size, kUnknownSize));
  state_->indices.erase(file);
  return file;
}

void EmbeddingSession::Begin() {
  state_->look.reset();
  state_->tensor.reset();
  state_->metadata.reset();
  state_->task = State::Task::kNone;
  matrix_ = {};
  rows_ = {};
  text_.clear();
}

EmbeddingSession::Status EmbeddingSession::Look(size_t file) {
  Begin();
  state_->task = State::Task::kLook;
  state_->look.emplace(state_->files, file);
  state_->range.file = file;
  return GoOn();
}

EmbeddingSession::Status EmbeddingSession::ReadTensor(std::string_view place) {
  Begin();
  const TensorPlace read = ReadPlace(place);
  state_->task = State::Task::kTensor;
  state_->tensor_path = read.path;
  std::shared_ptr<const BundleIndex> index;
  if (const std::optional<size_t> file = state_->files.Find(read.path)) {
    if (const auto found = state_->indices.find(*file); found != state_->indices.end()) index = found->second;
  }
  state_->tensor = TensorSource::Make(state_->files, read, std::move(index));
  return GoOn();
}

void EmbeddingSession::LookAtPayload(Storage storage, bool split, Bytes start) {
  text_ = "null";
  if (storage != Storage::kTensor) return;
  std::string joined;
  if (split) {
    joined = JoinParts(start, PayloadField(storage));
    start = AsBytes(joined);
  }
  const std::optional<TensorHead> head = ReadTensorHead(start);
  if (!head || !ElementTypeOf(head->dtype) || head->elements == kNoElements) return;
  JsonWriter json;
  json.BeginObject();
  json.Key("dtype");
  json.Text(InfoOf(head->dtype).name);
  json.Key("shape");
  json.BeginArray();
  for (const int64_t size : head->shape) json.Integer(size);
  json.EndArray();
  json.EndObject();
  text_ = json.Take();
}

void EmbeddingSession::ReadPayload(Storage storage, bool split, Bytes payload) {
  Begin();
  if (storage != Storage::kTensor) {
    tensorpane::ReadTensor none;
    none.Fail("no_embedding");
    return EndTensor(std::move(none));
  }
  std::string joined;
  if (split) {
    joined = JoinParts(payload, PayloadField(storage));
    payload = AsBytes(joined);
  }
  EndTensor(FromTensor(DecodeTensor(payload)));
}

EmbeddingSession::Status EmbeddingSession::ReadMetadata(size_t file, std::vector<uint32_t> rows) {
  Begin();
  state_->task = State::Task::kMetadata;
  state_->metadata.emplace(std::move(rows));
  state_->range = {file, 0, 0};
  return GoOn();
}

EmbeddingSession::Status EmbeddingSession::Provide(Bytes bytes) {
  switch (state_->task) {
    case State::Task::kNone:
      return Status::kDone;
    case State::Task::kLook:
      state_->look->Provide(bytes);
      break;
    case State::Task::kTensor:
      state_->tensor->Provide(bytes);
      break;
    case State::Task::kMetadata: {
      state_->metadata->Feed(bytes);
      FileRange& range = state_->range;
      const bool ends = bytes.size() < range.length || !state_->metadata->problem().ok();
      range.offset = ends ? state_->files.at(range.file).size : range.offset + bytes.size();
      break;
    }
  }
  return GoOn();
}

EmbeddingSession::Status EmbeddingSession::GoOn() {
  FileRange& range = state_->range;
  switch (state_->task) {
    case State::Task::kNone:
      break;
    case State::Task::kLook:
      if (state_->look->Next(&range)) return Need();
      text_ = state_->look->Take();
      if (state_->look->index()) state_->indices[range.file] = state_->look->index();
      break;
    case State::Task::kTensor:
      if (state_->tensor->Next(&range)) return Need();
      EndTensor(state_->tensor->Take());
      break;
    case State::Task::kMetadata:
      range.length = std::min(state_->files.at(range.file).size - range.offset, kPieceBytes);
      if (range.length > 0) return Need();
      EndMetadata();
      break;
  }
  state_->look.reset();
  state_->tensor.reset();
  state_->metadata.reset();
  state_->task = State::Task::kNone;
  return Status::kDone;
}

EmbeddingSession::Status EmbeddingSession::Need() {
  request_ = {state_->range.file, state_->range.offset, state_->range.length};
  return Status::kNeed;
}

void EmbeddingSession::EndTensor(tensorpane::ReadTensor tensor) {
  JsonWriter json;
  json.BeginObject();
  json.Key("rows");
  json.Unsigned(tensor.matrix.rows);
  json.Key("columns");
  json.Unsigned(tensor.matrix.columns);
  json.Key("fileRows");
  json.Unsigned(tensor.source_rows);
  json.Key("faults");
  tensor.faults.Write(&json);
  json.Key("names");
  json.BeginArray();
  for (const std::string& name : tensor.names) json.Text(name);
  json.EndArray();
  if (tensor.texts.columns() > 0) {
    const uint64_t rows = tensor.source_rows;
    const bool has_header = !tensor.text_names.empty();
    const RowFaults none;
    const size_t table = state_->AddTable(Metadata(std::move(tensor.texts), std::move(tensor.text_names)));
    json.Key("metadata");
    WriteMetadataFacts(*state_->tables[table], {table, rows, has_header, &none}, &json);
    json.EndObject();
  }
  if (!tensor.fault.empty()) WriteProblem(tensor.fault, state_->tensor_path, tensor.problem, &json);
  json.EndObject();
  text_ = json.Take();
  matrix_ = std::move(tensor.matrix);
  rows_ = std::move(tensor.rows);
}

void EmbeddingSession::EndMetadata() {
  MetadataReader& reader = *state_->metadata;
  reader.Finish();
  const size_t table = state_->AddTable(reader.Take());
  JsonWriter json;
  WriteMetadataFacts(*state_->tables[table],
                     {table, reader.file_rows(), reader.has_header(), &reader.faults()}, &json);
  if (!reader.problem().ok()) {
    WriteProblem(Name(reader.problem().fault), state_->files.at(state_->range.file).path, reader.problem(),
                 &json);
  }
  json.EndObject();
  text_ = json.Take();
}

void EmbeddingSession::Texts(size_t table, size_t column, uint64_t from, uint64_t count) {
  const Metadata& metadata = *state_->Table(table);
  texts_.clear();
  numbers_.assign(1, 0);
  if (column >= metadata.columns().size()) return;
  const uint64_t rows = metadata.rows();
  const uint64_t begin = std::min(from, rows), end = begin + std::min(count, rows - begin);
  for (uint64_t row = begin; row < end; ++row) {
    texts_ += metadata.Cell(column, static_cast<size_t>(row));
    numbers_.push_back(static_cast<double>(texts_.size()));
  }
}

void EmbeddingSession::Row(size_t table, uint64_t row) {
  const Metadata& metadata = *state_->Table(table);
  JsonWriter json;
  json.BeginArray();
  for (size_t i = 0; i < metadata.columns().size() && row < metadata.rows(); ++i) {
    json.Text(metadata.Cell(i, static_cast<size_t>(row)));
  }
  json.EndArray();
  text_ = json.Take();
}

void EmbeddingSession::Numbers(size_t table, size_t column) {
  const Metadata& metadata = *state_->Table(table);
  numbers_ = column < metadata.columns().size() ? metadata.Numbers(column) : std::vector<double>();
}

void EmbeddingSession::Distinct(size_t table, size_t column) {
  const Metadata& metadata = *state_->Table(table);
  std::vector<Metadata::Category> categories;
  numbers_.clear();
  if (column < metadata.columns().size()) categories = metadata.Categories(column, &numbers_);
  JsonWriter json;
  json.BeginObject();
  json.Key("values");
  json.BeginArray();
  for (const Metadata::Category& category : categories) {
    json.BeginObject();
    json.Key("text");
    json.Text(category.text);
    json.Key("count");
    json.Unsigned(category.count);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  text_ = json.Take();
}

void EmbeddingSession::Search(size_t table, int column, Match match, std::string_view text) {
  numbers_ = state_->Table(table)->Search(column, match, text);
}

void EmbeddingSession::CloseTable(size_t table) {
  if (table < state_->tables.size()) state_->tables[table].reset();
}

}  // namespace tensorpane
