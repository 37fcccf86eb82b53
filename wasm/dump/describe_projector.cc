#include "dump/describe_projector.h"

#include <algorithm>

#include "base/utf8.h"
#include "dump/describe_value.h"

namespace tensorpane {
namespace {

constexpr std::string_view kConfigName = "projector_config.pbtxt";
/// Files that are read whole, a config and a sprite: of larger ones a dump only says so.
constexpr uint64_t kMaxWhole = 64 << 20;
/// Text that is told of files, which a config may name as often as it likes.
constexpr uint64_t kMaxTold = 64 << 20;
/// Cells of a tensor that are told, as text.
constexpr size_t kToldCells = 4;

/// `write` adds members to an object; they are given without its braces.
template <class Write>
std::string Members(Write&& write) {
  JsonWriter json;
  json.BeginObject();
  write(&json);
  json.EndObject();
  const std::string object = json.Take();
  return object.substr(1, object.size() - 2);
}

void WriteProblem(std::string_view key, const ProjectorProblem& problem, JsonWriter* json) {
  if (problem.ok()) return;
  json->Key(key);
  json->BeginObject();
  json->Key("fault");
  json->Text(Name(problem.fault));
  if (problem.line > 0) {
    json->Key("line");
    json->Unsigned(problem.line);
    json->Key("column");
    json->Unsigned(problem.column);
  }
  if (!problem.text.empty()) {
    json->Key("text");
    json->Text(problem.text);
  }
  json->EndObject();
}

}  // namespace

ProjectorDescriber::ProjectorDescriber(std::vector<FileBeside> files)
    : files_(std::move(files)), checkpoints_(files_) {
  for (size_t i = 0; i < files_.size(); ++i) {
    by_path_[files_[i].path] = i;
    const std::string_view path = files_[i].path;
    if (path.substr(path.rfind('/') + 1) == kConfigName) configs_.push_back(i);
  }
  std::sort(configs_.begin(), configs_.end(),
            [this](size_t a, size_t b) { return files_[a].path < files_[b].path; });
  json_.BeginArray();
}

ProjectorDescriber::Status ProjectorDescriber::Describe() {
  if (in_checkpoints_) {
    if (checkpoints_.Describe()) {
      request_ = checkpoints_.request();
      return Status::kNeed;
    }
    in_checkpoints_ = false;
  }
  for (;;) {
    if (reading_) {
      request_.length = std::min(kPieceBytes, file().size - request_.offset);
      if (request_.length > 0) return Status::kNeed;
      Finish();
    }
    if (!Next()) break;
    reading_ = Begin();
  }
  json_.EndArray();
  return Status::kDone;
}

ProjectorDescriber::Status ProjectorDescriber::Provide(Bytes bytes) {
  if (in_checkpoints_) {
    checkpoints_.Provide(bytes);
    return Describe();
  }
  Feed(bytes);
  request_.offset = bytes.size() < request_.length ? file().size : request_.offset + bytes.size();
  return Describe();
}

bool ProjectorDescriber::Next() {
  if (in_config_) {
    if (part_ == Part::kSprite) {
      EndEmbedding();
      ++embedding_;
    }
    part_ = part_ == Part::kTensor     ? Part::kMetadata
            : part_ == Part::kMetadata ? Part::kSprite
                                       : Part::kTensor;
    if (embedding_ < config_.embeddings.size()) return true;
    EndConfig();
    ++config_at_;
  }
  in_config_ = config_at_ < configs_.size();
  if (!in_config_) return false;
  request_ = {configs_[config_at_], 0, 0};
  const size_t slash = file().path.rfind('/');
  directory_ = slash == std::string::npos ? "" : file().path.substr(0, slash);
  embedding_ = 0;
  part_ = Part::kConfig;
  return true;
}

const std::string& ProjectorDescriber::PathOf(Part part) const {
  static const std::string kNone;
  if (part == Part::kTensor) return embedding().tensor_path;
  if (part == Part::kMetadata) return embedding().metadata_path;
  return embedding().sprite ? embedding().sprite->image_path : kNone;
}

bool ProjectorDescriber::Begin() {
  whole_.clear();
  table_.reset();
  rows_.reset();
  array_.reset();
  if (part_ == Part::kConfig) {
    if (file().size <= kMaxWhole) return true;
    BeginConfig();
    return false;
  }

  const std::string& path = PathOf(part_);
  if (path.empty()) return false;
  if (told_ > kMaxTold) {
    if (part_ == Part::kTensor) AddToEmbedding(R"("error":"too big for a dump")");
    return false;
  }
  const std::optional<std::string> place = PathInConfigDirectory(directory_, path);
  const auto found = place ? by_path_.find(*place) : by_path_.end();
  if (found == by_path_.end()) {
    missing_.push_back(path);
    return false;
  }
  request_ = {found->second, 0, 0};
  asked_ = std::to_string(static_cast<int>(part_)) + ' ' + std::to_string(request_.file);
  const TensorForm form = FormOfTensor(path);
  if (part_ == Part::kTensor && form == TensorForm::kRaw) {
    for (const uint32_t size : embedding().tensor_shape) asked_ += ' ' + std::to_string(size);
  }
  if (const auto known = described_.find(asked_); known != described_.end()) {
    AddToEmbedding(known->second);
    return false;
  }
  if (part_ == Part::kMetadata) {
    table_.emplace();
  } else if (part_ == Part::kTensor && form == TensorForm::kTsv) {
    table_.emplace();
    rows_.emplace(kMaxMatrixValues, MatrixValues::kCounted);
  } else if (part_ == Part::kTensor && form == TensorForm::kNpy) {
    array_ = ArrayReader::Npy(kMaxMatrixValues, MatrixValues::kCounted);
  } else if (part_ == Part::kTensor) {
    array_ = ArrayReader::Raw(embedding().tensor_shape, kMaxMatrixValues, MatrixValues::kCounted);
  } else if (file().size > kMaxWhole) {
    AddToEmbedding(R"("sprite":{"error":"too big for a dump"})");
    return false;
  }
  return true;
}

void ProjectorDescriber::Feed(Bytes bytes) {
  if (table_) table_->Feed(bytes);
  if (rows_) rows_->Feed(bytes);
  if (array_) array_->Feed(bytes);
  if (part_ == Part::kConfig || part_ == Part::kSprite) whole_ += AsText(bytes);
}

void ProjectorDescriber::Finish() {
  if (part_ == Part::kConfig) return BeginConfig();
  if (table_) table_->Finish();
  if (rows_) rows_->Finish();
  if (array_) array_->Finish();
  std::string& members = described_[asked_];
  members = part_ == Part::kTensor     ? DescribeTensor()
            : part_ == Part::kMetadata ? DescribeMetadata()
                                       : DescribeSprite();
  AddToEmbedding(members);
}

std::string ProjectorDescriber::DescribeTensor() {
  return Members([this](JsonWriter* json) {
    const Matrix& matrix = array_ ? array_->matrix() : rows_->matrix();
    json->Key("rows");
    json->Unsigned(matrix.rows);
    json->Key("columns");
    json->Unsigned(matrix.columns);
    if (FormOfTensor(embedding().tensor_path) == TensorForm::kRaw) {
      json->Key("bytes");
      json->Unsigned(file().size);
    }
    if (table_) {
      const std::vector<std::string>& cells = table_->first_row();
      json->Key("first");
      json->BeginArray();
      for (size_t i = 0; i < std::min(cells.size(), kToldCells); ++i) json->Text(cells[i]);
      json->EndArray();
    }
    if (array_) return WriteProblem("tensor_problem", array_->problem(), json);
    WriteProblem("tensor_problem", rows_->problem().ok() ? rows_->faults().First() : rows_->problem(), json);
  });
}

std::string ProjectorDescriber::DescribeMetadata() {
  return Members([this](JsonWriter* json) {
    json->Key("metadata_rows");
    json->Unsigned(table_->metadata_rows());
    json->Key("metadata_columns");
    json->Unsigned(table_->columns());
    json->Key("metadata_header");
    if (!table_->has_header()) return json->Null();
    json->BeginArray();
    for (const std::string& cell : table_->first_row()) json->Text(cell);
    json->EndArray();
  });
}

std::string ProjectorDescriber::DescribeSprite() {
  return Members([this](JsonWriter* json) {
    json->Key("sprite");
    WriteImage(AsBytes(whole_), json);
  });
}

void ProjectorDescriber::BeginConfig() {
  config_ = {};
  const bool too_big = file().size > kMaxWhole;
  const ProjectorProblem problem =
      too_big ? ProjectorProblem{ProjectorFault::kTooBig, 0, 0, {}} : ParseProjectorConfig(whole_, &config_);
  json_.BeginObject();
  json_.Key("config");
  json_.Text(ToValidUtf8(AsBytes(file().path)));
  json_.Key("parsed");
  WriteProjectorConfigJson(config_, &json_);
  WriteProblem("problem", problem, &json_);
  const std::optional<std::string> checkpoint =
      PathInConfigDirectory(directory_, config_.model_checkpoint_path);
  if (const std::string* shapes = checkpoint ? checkpoints_.ShapesOf(*checkpoint + ".index") : nullptr) {
    json_.Key("checkpoint");
    json_.Raw(*shapes);
  }
  json_.Key("embeddings");
  json_.BeginArray();
}

void ProjectorDescriber::EndConfig() {
  json_.EndArray();
  json_.EndObject();
}

void ProjectorDescriber::AddToEmbedding(std::string_view members) {
  (members_ += ',') += members;
  told_ += members.size();
}

void ProjectorDescriber::EndEmbedding() {
  json_.Raw("{" + Members([this](JsonWriter* json) {
              json->Key("tensor_name");
              json->Text(embedding().tensor_name);
              if (missing_.empty()) return;
              json->Key("missing");
              json->BeginArray();
              for (const std::string& path : missing_) json->Text(path);
              json->EndArray();
            }) +
            members_ + "}");
  members_.clear();
  missing_.clear();
}

}  // namespace tensorpane
