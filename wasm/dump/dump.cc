#include "dump/dump.h"

#include <algorithm>
#include <cmath>

#include "base/natural_order.h"
#include "events/tensor.h"
#include "graph/graph_summary.h"

namespace tensorpane {
namespace {

/// Of a larger payload a dump only says that it is there.
constexpr uint64_t kMaxPayload = 256 << 20;

}  // namespace

Dumper::Dumper(const Log* log, Purge purge, std::string projector, std::string checkpoints)
    : log_(*log), purge_(purge), projector_(std::move(projector)), checkpoints_(std::move(checkpoints)) {
  for (const Run& run : log_.runs()) runs_.push_back(&run);
  std::sort(runs_.begin(), runs_.end(),
            [](const Run* a, const Run* b) { return NaturalLess(a->name, b->name); });
  json_.BeginObject();
  json_.Key("format");
  json_.Integer(1);
  json_.Key("runs");
  json_.BeginArray();
}

Dumper::Status Dumper::Write() {
  for (; run_ < runs_.size(); ++run_) {
    if (!in_run_) BeginRun();
    if (!meta_graph_asked_ && run().meta_graph) {
      meta_graph_asked_ = true;
      if (Ask(*run().meta_graph)) return Status::kNeed;
      AddMetaGraph({});
    }
    for (; series_ < run().series.size(); ++series_) {
      // It is written apart: it stands for no tag of TensorBoard's.
      if (series().storage[static_cast<size_t>(Storage::kMetaGraphDef)] > 0) continue;
      if (!in_series_) BeginSeries();
      if (!log_.IsScalar(series())) {
        for (; AtPoint(); ++point_) {
          if (Ask(series().points.blob(point_))) return Status::kNeed;
          AddValue({});
        }
      }
      EndSeries();
    }
    EndRun();
  }
  if (in_run_) return Status::kDone;
  in_run_ = true;  // the end is written once
  json_.EndArray();
  json_.Key("projector");
  json_.Raw(projector_);
  json_.Key("checkpoints");
  json_.Raw(checkpoints_);
  json_.EndObject();
  return Status::kDone;
}

bool Dumper::Ask(const BlobRef& blob) {
  request_ = blob;
  return blob.length() > 0 && blob.length() <= kMaxPayload;
}

Dumper::Status Dumper::Provide(Bytes bytes) {
  const bool whole = bytes.size() == request_.length();
  if (in_series_) {
    if (whole) {
      AddValue(bytes);
    } else {
      json_.Raw(R"({"error":"the file became shorter"})");
    }
    ++point_;
  } else {
    AddMetaGraph(bytes);
  }
  return Write();
}

void Dumper::BeginRun() {
  in_run_ = true;
  meta_graph_asked_ = false;
  series_ = 0;
  json_.BeginObject();
  json_.Key("run");
  json_.Text(run().name);
  json_.Key("files");
  json_.BeginArray();
  for (const FileId file : run().files) WriteFile(log_.files()[Index(file)].report);
  json_.EndArray();
  WriteEvents();
  json_.Key("start_time");
  if (run().start_time) {
    json_.Double(*run().start_time);
  } else {
    json_.Null();
  }
  WriteTexts("file_versions", run().file_versions);
  WriteTexts("source_writers", run().source_writers);
  WriteSessionLog();
  if (const uint64_t messages = run().events[static_cast<size_t>(EventKind::kLogMessage)]; messages > 0) {
    json_.Key("log_messages");
    json_.Unsigned(messages);
  }
  json_.Key("tags");
  json_.BeginObject();
}

void Dumper::EndRun() {
  json_.EndObject();
  if (!meta_graph_.empty()) {
    json_.Key("meta_graph");
    json_.Raw(meta_graph_);
    meta_graph_.clear();
  }
  json_.EndObject();
  in_run_ = false;
}

void Dumper::AddMetaGraph(Bytes payload) {
  JsonWriter json;
  DescribeMetaGraph(payload).WriteJson(&json);
  meta_graph_ = json.Take();
}

void Dumper::BeginSeries() {
  in_series_ = true;
  kept_ = KeptPoints(series(), run(), purge_);
  range_ = 0;
  point_ = kept_.empty() ? 0 : kept_[0].begin;
  dtypes_.clear();
  shape_.reset();
  shapes_differ_ = any_v1_ = false;
  declared_.clear();
  v1_.clear();
  layout_.clear();

  const SeriesMetadata& metadata = log_.metadata(series());
  json_.Key(log_.tag(series().tag));
  json_.BeginObject();
  json_.Key("plugin_name");
  json_.Text(metadata.plugin_name);
  json_.Key("data_class");
  json_.Text(Name(metadata.data_class));
  json_.Key("display_name");
  json_.Text(metadata.display_name);
  json_.Key("description");
  json_.Text(metadata.description);
  json_.Key("storage");
  json_.BeginObject();
  for (size_t storage = 0; storage < kStorages; ++storage) {
    if (series().storage[storage] == 0) continue;
    json_.Key(Name(static_cast<Storage>(storage)));
    json_.Unsigned(series().storage[storage]);
  }
  json_.EndObject();
  json_.Key("metadata_on");
  json_.Unsigned(series().metadata_count);
  if (!metadata.content.empty()) {
    json_.Key("content");
    json_.Raw(DescribeContent(metadata.plugin_name, AsBytes(metadata.content)));
  }
  if (run().files.size() > 1) WritePointsPerFile();
  WriteColumns();
  json_.Key("values");
  json_.BeginArray();
  if (log_.IsScalar(series())) WriteScalars();
}

bool Dumper::AtPoint() {
  while (range_ < kept_.size() && point_ == kept_[range_].end) {
    if (++range_ < kept_.size()) point_ = kept_[range_].begin;
  }
  return range_ < kept_.size();
}

void Dumper::AddValue(Bytes payload) {
  const BlobRef& blob = request_;
  if (blob.length() > kMaxPayload) return json_.Raw(R"({"error":"too big for a dump"})");
  const auto storage = static_cast<Storage>(blob.storage);
  const std::string joined = blob.split ? JoinParts(payload, PayloadField(storage)) : std::string();
  const SeriesMetadata& metadata = log_.metadata(series());
  const DescribedValue described = DescribeValue(
      metadata.plugin_name, storage, blob.split ? AsBytes(joined) : payload, metadata.data_class_inferred);
  json_.Raw(described.value);
  if (!described.dtype.empty()) dtypes_.insert(described.dtype);
  if (described.shape) {
    if (shape_ && *shape_ != *described.shape) shapes_differ_ = true;
    shape_ = described.shape;
  }
  if (!described.declared.empty()) declared_ += (declared_.empty() ? "" : ",") + described.declared;
  v1_ += (v1_.empty() ? "" : ",") + (described.v1.empty() ? "null" : described.v1);
  any_v1_ |= !described.v1.empty();
  if (!described.layout.empty()) layout_ = described.layout;  // the last one counts
}

void Dumper::EndSeries() {
  json_.EndArray();
  WriteDTypes();
  const std::string_view plugin = log_.metadata(series()).plugin_name;
  const bool shapes_told = plugin != "images" && plugin != "audio" && plugin != "text";
  if (shape_ && !shapes_differ_ && shapes_told) {
    json_.Key("shape");
    json_.BeginArray();
    for (const int64_t size : *shape_) json_.Integer(size);
    json_.EndArray();
  }
  const auto list = [this](std::string_view key, const std::string& items) {
    json_.Key(key);
    json_.Raw("[" + items + "]");
  };
  if (!declared_.empty()) list("declared", declared_);
  if (any_v1_) list("v1", v1_);
  if (!layout_.empty()) {
    json_.Key("layout");
    json_.Raw(layout_);
  }
  json_.EndObject();
  in_series_ = false;
}

void Dumper::WriteDTypes() {
  if (dtypes_.empty()) return;
  json_.Key("dtype");
  if (dtypes_.size() == 1) return json_.Text(*dtypes_.begin());
  json_.BeginArray();
  for (const std::string_view name : dtypes_) json_.Text(name);
  json_.EndArray();
}

void Dumper::WriteFile(const FileReport& file) {
  json_.BeginObject();
  json_.Key("name");
  json_.Text(file.name);
  json_.Key("size");
  json_.Unsigned(file.size);
  json_.Key("records");
  json_.Unsigned(file.records);
  if (!file.looks_like.empty()) {
    json_.Key("looks_like");
    json_.Text(file.looks_like);
  }
  bool any = false;
  for (const ReportPlace& place : file.places) {
    if (place.kind > ReportKind::kProto) continue;
    if (!any) {
      json_.Key("errors");
      json_.BeginArray();
      any = true;
    }
    json_.BeginObject();
    json_.Key("kind");
    json_.Text(kReportKinds[static_cast<size_t>(place.kind)].name);
    json_.Key("offset");
    json_.Unsigned(place.offset);
    json_.Key("bytes");
    json_.Unsigned(place.bytes);
    json_.EndObject();
  }
  if (any) json_.EndArray();
  json_.EndObject();
}

void Dumper::WriteEvents() {
  json_.Key("events");
  json_.BeginObject();
  for (size_t kind = 0; kind < kEventKinds; ++kind) {
    if (run().events[kind] == 0) continue;
    json_.Key(Name(static_cast<EventKind>(kind)));
    json_.Unsigned(run().events[kind]);
  }
  json_.EndObject();
}

void Dumper::WriteTexts(std::string_view key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json_.Key(key);
  json_.BeginArray();
  for (const std::string& text : texts) json_.Text(text);
  json_.EndArray();
}

void Dumper::WriteSessionLog() {
  constexpr const char* kStatus[] = {"STATUS_UNSPECIFIED", "START", "STOP", "CHECKPOINT"};
  if (run().session_log.empty()) return;
  json_.Key("session_log");
  json_.BeginArray();
  for (const SessionEvent& event : run().session_log) {
    json_.BeginObject();
    json_.Key("status");
    json_.Text(event.status >= 0 && event.status < 4 ? kStatus[event.status] : std::to_string(event.status));
    json_.Key("step");
    json_.Integer(event.step);
    json_.Key("wall_time");
    json_.Double(event.wall_time);
    json_.EndObject();
  }
  json_.EndArray();
}

void Dumper::WritePointsPerFile() {
  std::vector<uint64_t> points(run().files.size());
  for (const auto& [file, count] : series().points_per_file) points[file] += count;
  json_.Key("points_per_file");
  json_.BeginArray();
  for (const uint64_t count : points) json_.Unsigned(count);
  json_.EndArray();
}

template <class F>
void Dumper::ForEachKept(F f) const {
  const auto& chunks = series().points.chunks();
  for (const PointRange& range : kept_) {
    auto chunk = std::upper_bound(chunks.begin(), chunks.end(), range.begin,
                                  [](uint32_t i, const PointColumns::Chunk& c) { return i < c.first; });
    for (--chunk; chunk != chunks.end() && chunk->first < range.end; ++chunk) {
      const uint32_t begin = std::max(range.begin, chunk->first);
      const uint32_t end = std::min(range.end, chunk->first + chunk->size);
      for (uint32_t i = begin; i < end; ++i) f(*chunk, i - chunk->first);
    }
  }
}

void Dumper::WriteColumns() {
  using Chunk = PointColumns::Chunk;
  json_.Key("steps");
  json_.BeginArray();
  ForEachKept([this](const Chunk& chunk, uint32_t i) { json_.Integer(chunk.exact_step(i)); });
  json_.EndArray();
  json_.Key("wall_times");
  json_.BeginArray();
  ForEachKept([this](const Chunk& chunk, uint32_t i) { json_.Double(chunk.wall_times()[i]); });
  json_.EndArray();
  if (purge_ != Purge::kSplit || kept_.size() < 2) return;
  json_.Key("stretches");
  json_.BeginArray();
  for (const PointRange& stretch : kept_) json_.Unsigned(stretch.begin);
  json_.EndArray();
}

void Dumper::WriteScalars() {
  const Series& scalars = series();
  ForEachKept([&](const PointColumns::Chunk& chunk, uint32_t i) {
    const uint32_t index = chunk.first + i;
    const auto exact = std::lower_bound(scalars.exact.begin(), scalars.exact.end(), index,
                                        [](const Series::Exact& e, uint32_t at) { return e.index < at; });
    if (exact != scalars.exact.end() && exact->index == index) {
      json_.Raw(exact->json);
    } else {
      WriteNumber(scalars.dtypes.empty() ? scalars.dtype : scalars.dtypes[index], chunk.number(i));
    }
  });
  if (scalars.points.size() == 0) return;
  dtypes_.insert(InfoOf(scalars.dtype).name);
  for (const DType dtype : scalars.dtypes) dtypes_.insert(InfoOf(dtype).name);
  if (!scalars.shapes_differ) shape_ = scalars.shape;
}

void Dumper::WriteNumber(DType dtype, double number) {
  const DTypeInfo info = InfoOf(dtype);
  if (info.kind == NumberKind::kBool) {
    json_.Bool(number != 0);
  } else if (info.kind == NumberKind::kSigned || info.kind == NumberKind::kUnsigned) {
    json_.Integer(static_cast<int64_t>(number));
  } else if (info.bytes <= 4) {
    json_.Float(static_cast<float>(number));
  } else {
    json_.Double(number);
  }
}

}  // namespace tensorpane
