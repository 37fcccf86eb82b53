#include "dump/describe_checkpoints.h"

#include <algorithm>

#include "base/natural_order.h"
#include "base/utf8.h"
#include "events/tensor.h"

namespace tensorpane {
namespace {

void WriteError(std::string_view error, JsonWriter* json) {
  json->Key("error");
  json->Text(error);
}

void WriteShape(const BundleEntry& variable, JsonWriter* json) {
  json->BeginArray();
  for (const int64_t size : variable.shape) json->Integer(size);
  json->EndArray();
}

std::string ShapesJson(const BundleIndex& index) {
  JsonWriter json;
  json.BeginObject();
  for (const BundleEntry& variable : index.variables()) {
    json.Key(ToValidUtf8(AsBytes(variable.name)));
    WriteShape(variable, &json);
  }
  json.EndObject();
  return json.Take();
}

}  // namespace

CheckpointDescriber::CheckpointDescriber(const std::vector<FileBeside>& files) : files_(files) {
  for (size_t i = 0; i < files_.size(); ++i) {
    by_path_[files_[i].path] = i;
    if (files_[i].path.ends_with(".index")) indices_.push_back(i);
  }
  std::sort(indices_.begin(), indices_.end(),
            [this](size_t a, size_t b) { return NaturalLess(files_[a].path, files_[b].path); });
  json_.BeginArray();
}

bool CheckpointDescriber::Describe() {
  for (;;) {
    if (reading_) {
      const auto step = reading_->Next();
      if (step == BundleIndexReader::Step::kNeed) {
        request_.offset = reading_->need().offset;
        request_.length = reading_->need().length;
        return true;
      }
      EndIndex();
    } else if (variable_reader_) {
      if (variable_reader_->Next() == VariableReader::Step::kNeed) {
        const VariableReader::Request& wanted = variable_reader_->request();
        const std::string path = ShardPath(files_[indices_[next_]].path, wanted.shard, index_.shards());
        if (const auto found = by_path_.find(path); found != by_path_.end()) {
          request_ = {found->second, wanted.offset, wanted.length};
          return true;
        }
        EndVariable(BundleFault::kNoShard);
      } else {
        EndVariable(variable_reader_->fault());
      }
    } else if (variable_ < index_.variables().size()) {
      BeginVariable();
    } else if (!BeginCheckpoint()) {
      return false;
    }
  }
}

void CheckpointDescriber::Provide(Bytes bytes) {
  if (reading_) {
    reading_->Provide(bytes);
  } else {
    variable_reader_->Provide(bytes);
  }
}

const std::string* CheckpointDescriber::ShapesOf(const std::string& index_path) const {
  const auto found = shapes_.find(index_path);
  return found == shapes_.end() ? nullptr : &found->second;
}

bool CheckpointDescriber::BeginCheckpoint() {
  if (next_ == indices_.size()) {
    json_.EndArray();
    return false;
  }
  request_ = {indices_[next_], 0, 0};
  reading_.emplace(files_[request_.file].size);
  return true;
}

void CheckpointDescriber::EndIndex() {
  const BundleFault fault = reading_->fault();
  index_ = reading_->Take();
  reading_.reset();
  variable_ = 0;
  const std::string& path = files_[indices_[next_]].path;
  // Other files have this ending too.
  if (fault == BundleFault::kNotACheckpoint) {
    index_ = {};
    ++next_;
    return;
  }
  shapes_[path] = ShapesJson(index_);
  json_.BeginObject();
  json_.Key("file");
  json_.Text(ToValidUtf8(AsBytes(path)));
  if (fault != BundleFault::kNone) WriteError(Name(fault), &json_);
  json_.Key("variables");
  json_.BeginObject();
  if (index_.variables().empty()) EndCheckpoint();
}

void CheckpointDescriber::BeginVariable() {
  const BundleEntry& variable = index_.variables()[variable_];
  bytes_.clear();
  json_.Key(ToValidUtf8(AsBytes(variable.name)));
  const uint64_t element = InfoOf(variable.dtype).bytes;
  const bool is_string = variable.dtype == DType::kString;
  const bool is_big = is_string ? variable.size > kMaxVariableBytes
                                : element > 0 && variable.elements > kMaxVariableBytes / element;
  const uint64_t size = is_string ? variable.size : variable.elements * element;
  if (is_big) {
    EndVariable(BundleFault::kTooMany);
    return;
  }
  // Memory grows with what comes, whatever the shape says.
  variable_reader_.emplace(index_, variable, [this, size](uint64_t offset, Bytes bytes) {
    if (offset > size || bytes.size() > size - offset) return;
    if (bytes_.size() < offset + bytes.size()) bytes_.resize(static_cast<size_t>(offset + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<ptrdiff_t>(offset));
  });
}

void CheckpointDescriber::EndVariable(BundleFault fault) {
  const BundleEntry& variable = index_.variables()[variable_];
  Tensor tensor;
  tensor.dtype = variable.dtype;
  tensor.dtype_number = variable.dtype_number;
  tensor.shape = variable.shape;
  if (fault == BundleFault::kNone && variable.dtype == DType::kString) {
    fault = ReadStrings(variable, AsBytes(bytes_), &tensor.strings);
  } else {
    tensor.data = std::move(bytes_);
  }
  if (fault == BundleFault::kNone) {
    WriteTensorInfo(tensor, &json_, true);
  } else {
    json_.BeginObject();
    WriteError(Name(fault), &json_);
    json_.Key("dtype");
    json_.Text(DTypeName(tensor));
    json_.Key("shape");
    WriteShape(variable, &json_);
    json_.EndObject();
  }
  bytes_ = {};
  variable_reader_.reset();
  if (++variable_ == index_.variables().size()) EndCheckpoint();
}

void CheckpointDescriber::EndCheckpoint() {
  json_.EndObject();
  json_.EndObject();
  ++next_;
}

}  // namespace tensorpane
