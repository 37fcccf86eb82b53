#include "log/log.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/utf8.h"
#include "event.pb.h"
#include "events/legacy.h"
#include "events/tensor.h"
#include "events/tensor_fields.h"
#include "media/frame_times.h"
#include "media/mime.h"

namespace tensorpane {
namespace {

/// A scalar's tensor is a few bytes; what is longer is no scalar and is not decoded to say so.
constexpr uint64_t kMaxScalarTensor = 1 << 20;

/// Of texts that a run should have one of, a damaged or made-up file may hold any number.
constexpr size_t kMaxDistinct = 64;

void AddOnce(std::vector<std::string>& list, Bytes text) {
  if (list.size() == kMaxDistinct) return;
  std::string valid = ToValidUtf8(text);
  if (std::find(list.begin(), list.end(), valid) == list.end()) list.push_back(std::move(valid));
}

/// Whether two short texts are the same: eight bytes at a time, where the memcmp of wasm's libc takes one.
bool SameText(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto word = [](std::string_view text, size_t at) {
    return LoadLittleEndian<uint64_t>(reinterpret_cast<const uint8_t*>(text.data()) + at);
  };
  if (a.size() < 8) {
    for (size_t i = 0; i < a.size(); ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  for (size_t at = 0; at + 8 < a.size(); at += 8) {
    if (word(a, at) != word(b, at)) return false;
  }
  return word(a, a.size() - 8) == word(b, a.size() - 8);
}

/// nullopt = the bytes are no SessionLog.
std::optional<int> SessionStatusOf(Bytes bytes) {
  SessionLog session;
  if (!session.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return session.status();
}

}  // namespace

struct Log::Source {
  FileId file;
  RunId run_id;
  LogFile& log_file;
  Run& run;
  uint64_t offset;
  uint64_t bytes;
  const Event& event;
  SpanReader reader;
  void* context;

  Bytes Read(Span span) const {
    if (span.length == 0) return {};
    const uint8_t* const p = reader(context, span);
    return p == nullptr ? Bytes() : InMemory(p, span.length);
  }
  /// The place of `span` in the file; records begin with 12 bytes of header.
  BlobRef Blob(Span span, Storage storage, bool split) const {
    return {.offset = offset + 12 + span.offset,
            .length_low = static_cast<uint32_t>(span.length),
            .file = file,
            .length_high = static_cast<uint16_t>(span.length >> 32),
            .storage = static_cast<uint8_t>(storage),
            .split = split};
  }
};

SeriesMetadata Log::FirstMetadata(const Source& source, const EventValue& value, std::string_view tag) {
  const Bytes bytes = source.Read(value.metadata);
  const std::string joined = value.metadata_split ? JoinParts(bytes, kMetadataField) : std::string();
  return MetadataOfFirst(value.storage, tag, value.metadata_split ? AsBytes(joined) : bytes);
}

/// Whether an image is an animation or a video. Of one that is too large to be in memory only the beginning
/// is, and whatever may be one is.
bool Log::Moves(const Source& source, const EventValue& value) {
  if (value.split) return false;
  const auto moves = [](Bytes encoded) {
    const std::optional<std::string_view> mime = MimeOf(encoded);
    return (mime && mime->starts_with("video/")) || FrameTimesOf(encoded).size() > 1;
  };
  if (const Bytes payload = source.Read(value.payload); !payload.empty()) {
    if (value.storage == Storage::kImage) {
      const std::optional<OldMedia> image = ReadOldMedia(payload);
      return image && moves(image->encoded);
    }
    constexpr size_t kSizes = 2;  // width and height come first
    const Tensor tensor = DecodeTensor(payload);
    return tensor.strings.size() > kSizes && moves(tensor.strings[kSizes]);
  }
  const std::string_view head =
      AsText(source.Read({value.payload.offset, std::min(kHead, value.payload.length)}));
  for (const std::string_view sign : {"GIF8", "acTL", "ANIM", "ftypisom", "ftypmp4", "\x1a\x45\xdf\xa3"}) {
    if (head.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

/// Whether a value is a tensor of real numbers with rows and columns.
bool Log::IsMatrix(const Source& source, const EventValue& value) {
  if (value.split || value.storage != Storage::kTensor) return false;
  const std::optional<TensorHead> head =
      ReadTensorHead(source.Read({value.payload.offset, std::min(kHead, value.payload.length)}));
  if (!head || head->shape.size() != 2) return false;
  const NumberKind kind = InfoOf(head->dtype).kind;
  return kind == NumberKind::kFloat || kind == NumberKind::kSigned || kind == NumberKind::kUnsigned;
}

RunId Log::FindOrAddRun(std::string_view name) {
  if (const auto found = run_ids_.find(name); found != run_ids_.end()) return found->second;
  const RunId id{static_cast<uint32_t>(runs_.size())};
  runs_.emplace_back().name = name;
  run_ids_.emplace(runs_.back().name, id);
  return id;
}

FileId Log::AddFile(RunId run, std::string_view name) {
  const FileId id{static_cast<uint32_t>(files_.size())};
  std::vector<FileId>& files = runs_[Index(run)].files;
  LogFile& file = files_.emplace_back(LogFile{run, static_cast<uint32_t>(files.size()), {}});
  file.report.name = name;
  files.push_back(id);
  return id;
}

bool Log::Add(FileId file, uint64_t record_offset, uint64_t record_bytes, const Event& event,
              SpanReader reader, void* context) {
  LogFile& log_file = files_[Index(file)];
  Run& run = runs_[Index(log_file.run)];
  const Source source{file, log_file.run, log_file, run, record_offset, record_bytes, event, reader, context};
  ++run.events[static_cast<size_t>(event.kind)];
  if (!run.start_time) run.start_time = event.wall_time;
  if (!std::isfinite(event.wall_time)) {
    log_file.report.Count({ReportKind::kNonFiniteWallTime, record_offset, record_bytes});
  }
  if (event.source_metadata) {
    SourceMetadata metadata;
    if (metadata.ParseFromArray(event.source_metadata->data(),
                                static_cast<int>(event.source_metadata->size())) &&
        !metadata.writer().empty()) {
      AddOnce(run.source_writers, AsBytes(metadata.writer()));
    }
  }
  const std::optional<int> session_status =
      event.kind == EventKind::kSessionLog ? SessionStatusOf(event.session_log) : std::nullopt;
  CutAsTensorBoard(log_file.run, run, event, session_status.value_or(0));
  switch (event.kind) {
    case EventKind::kSummary:
      for (const EventValue& value : event.values) {
        if (!AddValue(source, value)) return false;
      }
      break;
    case EventKind::kFileVersion:
      AddOnce(run.file_versions, event.file_version);
      break;
    case EventKind::kSessionLog:
      if (session_status) {
        run.session_log.push_back({*session_status, event.step, event.wall_time, file});
      }
      break;
    case EventKind::kGraphDef: {
      EventValue value;
      value.storage = Storage::kGraphDef;
      value.tag = AsBytes(kRunGraphTag);
      value.payload = event.payload;
      return AddValue(source, value);
    }
    case EventKind::kTaggedRunMetadata: {
      EventValue value;
      value.storage = Storage::kTaggedRunMetadata;
      value.tag = event.run_metadata_tag;
      value.payload = event.payload;
      return AddValue(source, value);
    }
    case EventKind::kMetaGraphDef:
      run.meta_graph = source.Blob(event.payload, Storage::kNone, false);
      // Writers put the same graph into both (tensorflow/python/summary/writer/writer.py); TensorBoard takes
      // this one where there is no other (event_accumulator.py).
      if (!run.by_tag.contains(kRunGraphTag)) {
        EventValue value;
        value.storage = Storage::kMetaGraphDef;
        value.tag = AsBytes(kMetaGraphTag);
        value.payload = event.payload;
        return AddValue(source, value);
      }
      break;
    case EventKind::kNone:
    case EventKind::kLogMessage:
      break;
  }
  return true;
}

bool Log::AddValue(const Source& source, const EventValue& value) {
  if (bytes_ > budget_) return false;  // series and texts count too
  // TensorBoard's migration of old-style values loses their node_name (data_compat.py), so only tensors are
  // named by it.
  const bool named_by_node =
      value.tag.empty() && (value.storage == Storage::kTensor || value.storage == Storage::kNone);
  const std::string_view tag = AsText(named_by_node ? value.node_name : value.tag);
  Series& series = FindOrAddSeries(tag, source, value);
  ++series.storage[static_cast<size_t>(value.storage)];
  series.metadata_count += value.has_metadata;
  if (value.storage == Storage::kNone) {
    // dataclass_compat.py gives values of hparams a null tensor: their content is all in the metadata.
    const SeriesMetadata& metadata = metadata_[series.metadata];
    if (metadata.plugin_name != kHParamsPlugin || !metadata.data_class_inferred) {
      source.log_file.report.Count({ReportKind::kNoValue, source.offset, source.bytes});
      MarkChanged(series);
      return true;
    }
  }
  if (!Reserve(series.points.GrowthOfNext())) return false;
  if (IsScalar(series)) {
    AddScalar(source, value, series);
  } else {
    AddBlob(source, value, series);
  }
  CountPoint(source, series);
  MarkChanged(series);
  return true;
}

Series& Log::FindOrAddSeries(std::string_view tag, const Source& source, const EventValue& value) {
  Run& run = source.run;
  if (run.last != nullptr && run.last->next != nullptr && SameText(run.last->next->name, tag)) {
    run.last = run.last->next;
    return *run.last;
  }
  const std::string valid = ToValidUtf8(AsBytes(tag));
  SeriesId id;
  if (const auto found = run.by_tag.find(valid); found != run.by_tag.end()) {
    id = found->second;
  } else {
    const TagId tag_id = InternTag(valid);
    const uint32_t metadata = InternMetadata(FirstMetadata(source, value, valid));
    id = SeriesId{static_cast<uint32_t>(series_.size())};
    series_.emplace_back(id, source.run_id, tag_id, tags_[Index(tag_id)], metadata,
                         metadata_[metadata].plugin_name == kScalarsPlugin ? PointColumns::ValueKind::kNumber
                                                                           : PointColumns::ValueKind::kBlob);
    series_.back().moves = metadata_[metadata].plugin_name == kImagesPlugin && Moves(source, value);
    series_.back().is_matrix = IsMatrix(source, value);
    constexpr size_t kPerEntry = 40;  // of the run's index and list
    bytes_ += sizeof(Series) + kPerEntry;
    series_.back().run_cuts_seen = run.tensorboard_purge.run_cut_count();
    run.series.push_back(id);
    run.by_tag.emplace(tags_[Index(tag_id)], id);
  }
  Series& series = series_[Index(id)];
  if (run.last != nullptr) run.last->next = &series;
  run.last = &series;
  return series;
}

uint32_t Log::InternMetadata(SeriesMetadata metadata) {
  std::string key;
  for (const std::string* text :
       {&metadata.plugin_name, &metadata.content, &metadata.display_name, &metadata.description}) {
    key += std::to_string(text->size()) + ':' + *text;
  }
  key += static_cast<char>('0' + static_cast<int>(metadata.data_class));
  key += metadata.data_class_inferred ? 'i' : 'w';
  const auto [at, is_new] = metadata_ids_.emplace(std::move(key), static_cast<uint32_t>(metadata_.size()));
  if (is_new) {
    bytes_ += sizeof metadata + 2 * at->first.size() + 64;
    metadata_.push_back(std::move(metadata));
  }
  return at->second;
}

TagId Log::InternTag(std::string_view tag) {
  if (const auto found = tag_ids_.find(tag); found != tag_ids_.end()) return found->second;
  const TagId id{static_cast<uint32_t>(tags_.size())};
  tags_.emplace_back(tag);
  tag_ids_.emplace(tags_.back(), id);
  bytes_ += sizeof(std::string) + tag.size() + 40;
  return id;
}

void Log::AddScalar(const Source& source, const EventValue& value, Series& series) {
  if (value.storage == Storage::kSimpleValue) {
    scalar_.value = value.simple_value;
    scalar_.dtype = DType::kFloat;
    scalar_.shape.clear();
    scalar_.exact.clear();
    scalar_.is_number = true;
  } else {
    const bool readable =
        value.storage == Storage::kTensor && !value.split && value.payload.length <= kMaxScalarTensor;
    DecodeScalarTensor(readable ? source.Read(value.payload) : Bytes(), &scalar_);
    if (!readable) scalar_.is_number = false;
  }
  if (!scalar_.is_number) {
    source.log_file.report.Count({ReportKind::kBadValue, source.offset, source.bytes});
  }
  const uint32_t index = series.points.size();
  if (index == 0) {
    series.dtype = scalar_.dtype;
    series.shape = scalar_.shape;
  } else if (series.dtype != scalar_.dtype || !series.dtypes.empty()) {
    series.dtypes.resize(index, series.dtype);
    series.dtypes.push_back(scalar_.dtype);
  }
  if (scalar_.shape != series.shape) series.shapes_differ = true;
  if (!scalar_.exact.empty()) series.exact.push_back({index, scalar_.exact});
  if (!std::isfinite(scalar_.value)) ++series.non_finite;
  series.points.Append(source.event.step, source.event.wall_time, scalar_.value);
}

void Log::AddBlob(const Source& source, const EventValue& value, Series& series) {
  series.points.Append(source.event.step, source.event.wall_time,
                       source.Blob(value.payload, value.storage, value.split));
}

void Log::CountPoint(const Source& source, Series& series) {
  Run& run = source.run;
  LogFile& file = source.log_file;
  const TensorBoardPurge& purge = run.tensorboard_purge;
  if (series.run_cuts_seen != purge.run_cut_count()) {
    AddCut(series, {series.points.size() - 1, *purge.run_cuts().LowestAfter(series.run_cuts_seen)});
    series.run_cuts_seen = purge.run_cut_count();
  }
  const double step = static_cast<double>(source.event.step);
  series.min_step = std::min(series.min_step, step);
  series.max_step = std::max(series.max_step, step);
  ++file.points;
  if (run.files.size() > 1) MarkRestarted(series.run, run);
  if (series.points_per_file.empty() || series.points_per_file.back().first != file.index_in_run) {
    series.points_per_file.emplace_back(file.index_in_run, 0);
  }
  ++series.points_per_file.back().second;
  const bool goes_back = series.points.size() > 1 && source.event.step < series.last_step;
  if (goes_back) {
    series.steps_back.push_back(series.points.size() - 1);
    bytes_ += sizeof(uint32_t);
    MarkRestarted(series.run, run);
  }
  series.last_step = source.event.step;
}

void Log::CutAsTensorBoard(RunId run_id, Run& run, const Event& event, int session_status) {
  const TensorBoardPurge::Scope scope = run.tensorboard_purge.Take(event, session_status);
  if (scope == TensorBoardPurge::Scope::kRun) {
    if (cut_runs_.empty() || cut_runs_.back() != run_id) cut_runs_.push_back(run_id);
  } else if (scope == TensorBoardPurge::Scope::kTagsOfEvent) {
    const auto cut = [&](Bytes tag) {
      const auto found = run.by_tag.find(ToValidUtf8(tag));
      if (found == run.by_tag.end()) return;
      Series& series = series_[Index(found->second)];
      AddCut(series, {series.points.size(), event.step});
    };
    // By `tag` alone, also where the points of a tensor are named by its node_name.
    for (const EventValue& value : event.values) cut(value.tag);
    if (event.kind == EventKind::kGraphDef) cut(AsBytes(kRunGraphTag));
    if (event.kind == EventKind::kTaggedRunMetadata) cut(event.run_metadata_tag);
  }
}

void Log::AddCut(Series& series, Cut cut) {
  if (series.max_step < static_cast<double>(cut.step)) return;  // there is nothing to drop
  const size_t before = series.cuts.list().size();
  series.cuts.Add(cut);
  if (series.cuts.list().size() > before) bytes_ += sizeof(Cut);
}

void Log::MarkChanged(Series& series) {
  if (series.changed) return;
  series.changed = true;
  changed_.push_back(series.id);
}

void Log::MarkRestarted(RunId id, Run& run) {
  if (run.restarts_changed) return;
  run.restarts_changed = true;
  restarted_.push_back(id);
}

void Log::MarkReadWays() {
  for (Series& series : series_) {
    if (!IsReadOneWay(series, runs_[Index(series.run)])) MarkChanged(series);
  }
}

std::vector<RunId> Log::TakeRestarted() {
  for (const RunId id : restarted_) runs_[Index(id)].restarts_changed = false;
  return std::exchange(restarted_, {});
}

bool Log::Reserve(size_t bytes) {
  if (bytes_ + bytes > budget_) return false;
  bytes_ += bytes;
  return true;
}

std::vector<SeriesId> Log::TakeChanged() {
  for (const RunId run : std::exchange(cut_runs_, {})) {
    for (const SeriesId id : runs_[Index(run)].series) MarkChanged(series_[Index(id)]);
  }
  for (const SeriesId id : changed_) series_[Index(id)].changed = false;
  return std::exchange(changed_, {});
}

}  // namespace tensorpane
