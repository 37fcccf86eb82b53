#include "projector/tensor_source.h"

#include <algorithm>
#include <cmath>

#include "events/tensor.h"

namespace tensorpane {
namespace {

/// A file that is read from front to back.
class Stream {
 public:
  explicit Stream(size_t file, uint64_t size) : range_{file, 0, 0}, size_(size) {}

  bool Next(FileRange* range) {
    range_.length = std::min(size_ - range_.offset, kMaxWanted);
    *range = range_;
    return range_.length > 0;
  }
  void Advance(Bytes bytes) {
    range_.offset = bytes.size() < range_.length ? size_ : range_.offset + bytes.size();
  }

 private:
  FileRange range_;
  uint64_t size_;
};

class Nothing : public TensorSource {
 public:
  explicit Nothing(std::string_view fault) { tensor_.Fail(fault); }
  bool Next(FileRange*) override { return false; }
  void Provide(Bytes) override {}
};

void TakeArray(ArrayReader* reader, ReadTensor* tensor) {
  reader->Finish();
  if (!reader->problem().ok()) return tensor->Fail(Name(reader->problem().fault));
  tensor->matrix = reader->Take();
  tensor->source_rows = tensor->matrix.rows;
  tensor->KeepFinite();
}

class TableSource : public TensorSource {
 public:
  TableSource(size_t file, uint64_t size) : stream_(file, size) {
    if (size < FileTable::kUnknownSize) reader_.Expect(size);
  }

  bool Next(FileRange* range) override {
    if (!over_ && reader_.problem().ok() && stream_.Next(range)) return true;
    if (!over_) Finish();
    over_ = true;
    return false;
  }
  void Provide(Bytes bytes) override {
    reader_.Feed(bytes);
    stream_.Advance(bytes);
  }

 private:
  void Finish() {
    reader_.Finish();
    if (!reader_.problem().ok()) {
      tensor_.Fail(Name(reader_.problem().fault));
      tensor_.problem = reader_.problem();
      return;
    }
    const TableForm& form = *reader_.form();
    tensor_.matrix = reader_.Take();
    tensor_.source_rows = reader_.file_rows();
    tensor_.rows = reader_.TakeRows();
    tensor_.faults = reader_.faults();
    tensor_.texts = reader_.TakeTexts();
    for (size_t i = 0; i < form.columns.size() && !form.names.empty(); ++i) {
      if (form.columns[i] == CellKind::kNumber) tensor_.names.push_back(form.names[i]);
      if (form.columns[i] == CellKind::kText) tensor_.text_names.push_back(form.names[i]);
    }
  }

  Stream stream_;
  TableReader reader_;
  bool over_ = false;
};

class ArraySource : public TensorSource {
 public:
  ArraySource(ArrayReader reader, size_t file, uint64_t size)
      : stream_(file, size), reader_(std::move(reader)) {}

  bool Next(FileRange* range) override {
    if (!over_ && reader_.problem().ok() && stream_.Next(range)) return true;
    if (!over_) TakeArray(&reader_, &tensor_);
    over_ = true;
    return false;
  }
  void Provide(Bytes bytes) override {
    reader_.Feed(bytes);
    stream_.Advance(bytes);
  }

 private:
  Stream stream_;
  ArrayReader reader_;
  bool over_ = false;
};

class NpzSource : public TensorSource {
 public:
  NpzSource(size_t file, uint64_t size, std::string name)
      : file_(file), name_(std::move(name)), directory_(size), reader_(ArrayReader::Npy()) {}

  bool Next(FileRange* range) override {
    if (over_) return false;
    if (!entry_) {
      const ZipDirectory::Step step = directory_.Next();
      if (step == ZipDirectory::Step::kNeed) {
        *range = {file_, directory_.need().offset, directory_.need().length};
        return true;
      }
      if (step == ZipDirectory::Step::kFault) return End(Name(directory_.fault()));
      const auto found = std::find_if(directory_.entries().begin(), directory_.entries().end(),
                                      [this](const ZipEntry& entry) { return entry.name == name_ + ".npy"; });
      if (found == directory_.entries().end()) return End(Name(BundleFault::kNoVariable));
      entry_.emplace(*found);
    }
    for (;;) {
      switch (entry_->Next()) {
        case ZipEntryReader::Step::kNeed:
          *range = {file_, entry_->need().offset, entry_->need().length};
          return true;
        case ZipEntryReader::Step::kOutput:
          reader_.Feed(entry_->output());
          if (reader_.problem().ok()) break;
          return End(Name(reader_.problem().fault));
        case ZipEntryReader::Step::kEnd:
          TakeArray(&reader_, &tensor_);
          over_ = true;
          return false;
        case ZipEntryReader::Step::kFault:
          return End(Name(entry_->fault()));
      }
    }
  }
  void Provide(Bytes bytes) override {
    if (!entry_) return directory_.Provide(bytes);
    held_.assign(bytes.begin(), bytes.end());
    entry_->Provide(held_);
  }

 private:
  bool End(std::string_view fault) {
    tensor_.Fail(fault);
    over_ = true;
    return false;
  }

  size_t file_;
  std::string name_;
  ZipDirectory directory_;
  std::optional<ZipEntryReader> entry_;
  std::vector<uint8_t> held_;
  ArrayReader reader_;
  bool over_ = false;
};

class VariableSource : public TensorSource {
 public:
  VariableSource(const FileTable& files, size_t file, std::string name,
                 std::shared_ptr<const BundleIndex> index)
      : files_(files), file_(file), name_(std::move(name)), index_(std::move(index)) {
    if (!index_) reading_.emplace(files.at(file).size);
  }

  bool Next(FileRange* range) override {
    if (over_) return false;
    if (reading_) {
      if (reading_->Next() == BundleIndexReader::Step::kNeed) {
        *range = {file_, reading_->need().offset, reading_->need().length};
        return true;
      }
      if (reading_->fault() != BundleFault::kNone) return End(reading_->fault());
      index_ = std::make_shared<const BundleIndex>(reading_->Take());
      reading_.reset();
    }
    if (!variable_) {
      if (const BundleFault fault = Begin(); fault != BundleFault::kNone) return End(fault);
      if (over_) return false;
    }
    if (variable_->Next() == VariableReader::Step::kNeed) {
      const VariableReader::Request& wanted = variable_->request();
      const std::optional<size_t> shard = Shard(wanted.shard);
      if (!shard) return End(BundleFault::kNoShard);
      *range = {*shard, wanted.offset, wanted.length};
      return true;
    }
    if (variable_->fault() != BundleFault::kNone) return End(variable_->fault());
    tensor_.source_rows = tensor_.matrix.rows;
    tensor_.KeepFinite();
    over_ = true;
    return false;
  }
  void Provide(Bytes bytes) override {
    if (reading_) return reading_->Provide(bytes);
    variable_->Provide(bytes);
  }

 private:
  std::optional<size_t> Shard(uint32_t shard) const {
    return files_.Find(ShardPath(files_.at(file_).path, shard, index_->shards()));
  }

  BundleFault Begin() {
    const BundleEntry* const entry = index_->FindVariable(name_);
    if (entry == nullptr) return BundleFault::kNoVariable;
    const std::optional<ElementType> type = ElementTypeOf(entry->dtype);
    if (!type) return BundleFault::kNumberType;
    if (entry->shape.empty() || entry->shape.size() > 2) {
      tensor_.Fail(Name(ProjectorFault::kRank));
      over_ = true;
      return BundleFault::kNone;
    }
    if (entry->elements > kMaxMatrixValues) return BundleFault::kTooMany;
    Matrix& matrix = tensor_.matrix;
    matrix.rows = static_cast<uint64_t>(entry->shape[0]);
    matrix.columns = entry->shape.size() == 1 ? 1 : static_cast<uint64_t>(entry->shape[1]);
    // Before there is room for elements, their bytes must be; parts may come in any order.
    uint64_t bytes = 0;
    for (uint32_t shard = 0; shard < index_->shards(); ++shard) {
      if (const std::optional<size_t> file = Shard(shard))
        bytes += std::min(files_.at(*file).size, FileTable::kUnknownSize);
    }
    if (!entry->slices.empty() && entry->elements * type->bytes > bytes) return BundleFault::kCutOff;
    // At once, since a matrix that grows step by step takes up to three times the memory.
    if (bytes < FileTable::kUnknownSize) {
      matrix.values.reserve(static_cast<size_t>(std::min(entry->elements, bytes / type->bytes)));
    }
    variable_.emplace(*index_, *entry,
                      [this, type = *type](uint64_t offset, Bytes part) { Put(type, offset, part); });
    return BundleFault::kNone;
  }

  void Put(const ElementType& type, uint64_t offset, Bytes bytes) {
    std::vector<float>& values = tensor_.matrix.values;
    const auto at = static_cast<size_t>(offset / type.bytes);
    if (at == values.size()) return AppendFloats(type, bytes, &values);
    part_.clear();
    AppendFloats(type, bytes, &part_);
    if (values.size() < at + part_.size()) values.resize(at + part_.size());
    std::copy(part_.begin(), part_.end(), values.begin() + static_cast<ptrdiff_t>(at));
  }

  bool End(BundleFault fault) {
    tensor_.Fail(Name(fault));
    over_ = true;
    return false;
  }

  const FileTable& files_;
  size_t file_;
  std::string name_;
  std::shared_ptr<const BundleIndex> index_;
  std::optional<BundleIndexReader> reading_;
  std::optional<VariableReader> variable_;
  std::vector<float> part_;
  bool over_ = false;
};

}  // namespace

size_t FileTable::Add(std::string path, uint64_t size) {
  const auto [at, is_new] = by_path_.emplace(path, files_.size());
  if (is_new) {
    files_.push_back({std::move(path), size});
  } else {
    files_[at->second].size = size;
  }
  return at->second;
}

std::optional<size_t> FileTable::Find(std::string_view path) const {
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return std::nullopt;
  return found->second;
}

void ReadTensor::KeepFinite() {
  if (matrix.columns == 0) matrix.rows = 0;
  const auto columns = static_cast<size_t>(matrix.columns);
  const auto count = static_cast<size_t>(matrix.rows);
  size_t kept = 0;
  for (size_t row = 0; row < count; ++row) {
    float* const from = matrix.values.data() + row * columns;
    float* const bad =
        std::find_if_not(from, from + columns, [](float value) { return std::isfinite(value); });
    if (bad != from + columns) {
      if (faults.empty()) {
        for (size_t before = 0; before < row; ++before) rows.push_back(static_cast<uint32_t>(before));
      }
      const char* const text = std::isnan(*bad) ? "NaN" : *bad < 0 ? "-Infinity" : "Infinity";
      faults.Add(ProjectorFault::kNotFinite, row, 0, static_cast<uint64_t>(bad - from) + 1, text);
      continue;
    }
    if (!faults.empty()) rows.push_back(static_cast<uint32_t>(row));
    if (kept != row) std::copy(from, from + columns, matrix.values.data() + kept * columns);
    ++kept;
  }
  matrix.rows = kept;
  matrix.values.resize(kept * columns);
}

void ReadTensor::Fail(std::string_view name) {
  *this = ReadTensor();
  fault = name;
}

std::unique_ptr<TensorSource> TensorSource::Make(const FileTable& files, const TensorPlace& place,
                                                 std::shared_ptr<const BundleIndex> index) {
  const std::optional<size_t> file = files.Find(place.path);
  if (!file) return std::make_unique<Nothing>("missing");
  const uint64_t size = files.at(*file).size;
  if (place.form == "table" || place.form == "words") return std::make_unique<TableSource>(*file, size);
  if (place.form == "npy") return std::make_unique<ArraySource>(ArrayReader::Npy(), *file, size);
  if (place.form == "bytes") return std::make_unique<ArraySource>(ArrayReader::Raw(place.shape), *file, size);
  if (place.form == "npz") return std::make_unique<NpzSource>(*file, size, place.name);
  if (place.form == "checkpoint")
    return std::make_unique<VariableSource>(files, *file, place.name, std::move(index));
  return std::make_unique<Nothing>("no_embedding");
}

ReadTensor FromTensor(const Tensor& tensor) {
  ReadTensor read;
  const std::optional<ElementType> type = ElementTypeOf(tensor.dtype);
  if (!tensor.error.empty()) {
    read.Fail(Name(ProjectorFault::kCutOff));
  } else if (!type) {
    read.Fail(Name(ProjectorFault::kNumberType));
  } else if (tensor.shape.empty() || tensor.shape.size() > 2) {
    read.Fail(Name(ProjectorFault::kRank));
  } else if (tensor.elements() > kMaxMatrixValues) {
    read.Fail(Name(ProjectorFault::kTooBig));
  } else {
    read.matrix.rows = static_cast<uint64_t>(tensor.shape[0]);
    read.matrix.columns = tensor.shape.size() == 1 ? 1 : static_cast<uint64_t>(tensor.shape[1]);
    read.source_rows = read.matrix.rows;
    AppendFloats(*type, AsBytes(tensor.data), &read.matrix.values);
    read.KeepFinite();
  }
  return read;
}

}  // namespace tensorpane
