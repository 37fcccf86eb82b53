#include "log/dump.h"

#include <algorithm>
#include <cmath>

#include "base/json_writer.h"
#include "base/natural_order.h"

namespace tensorpane {
namespace {

class Dumper {
 public:
  explicit Dumper(const Log& log) : log_(log) {}

  std::string Write() {
    std::vector<const Run*> runs;
    for (const Run& run : log_.runs()) runs.push_back(&run);
    std::sort(runs.begin(), runs.end(),
              [](const Run* a, const Run* b) { return NaturalLess(a->name, b->name); });
    json_.BeginObject();
    json_.Key("format");
    json_.Integer(1);
    json_.Key("runs");
    json_.BeginArray();
    for (const Run* run : runs) WriteRun(*run);
    json_.EndArray();
    json_.EndObject();
    return json_.Take();
  }

 private:
  void WriteRun(const Run& run) {
    json_.BeginObject();
    json_.Key("run");
    json_.Text(run.name);
    json_.Key("files");
    json_.BeginArray();
    for (const FileId file : run.files) WriteFile(log_.files()[Index(file)].report);
    json_.EndArray();
    WriteEvents(run);
    json_.Key("start_time");
    if (run.start_time) {
      json_.Double(*run.start_time);
    } else {
      json_.Null();
    }
    WriteTexts("file_versions", run.file_versions);
    WriteTexts("source_writers", run.source_writers);
    WriteSessionLog(run);
    if (const uint64_t messages = run.events[static_cast<size_t>(EventKind::kLogMessage)]; messages > 0) {
      json_.Key("log_messages");
      json_.Unsigned(messages);
    }
    json_.Key("tags");
    json_.BeginObject();
    for (const SeriesId id : run.series) {
      const Series& series = log_.series(id);
      json_.Key(log_.tag(series.tag));
      WriteSeries(run, series);
    }
    json_.EndObject();
    json_.EndObject();
  }

  void WriteFile(const FileReport& file) {
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

  void WriteEvents(const Run& run) {
    json_.Key("events");
    json_.BeginObject();
    for (size_t kind = 0; kind < kEventKinds; ++kind) {
      if (run.events[kind] == 0) continue;
      json_.Key(Name(static_cast<EventKind>(kind)));
      json_.Unsigned(run.events[kind]);
    }
    json_.EndObject();
  }

  void WriteTexts(std::string_view key, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    json_.Key(key);
    json_.BeginArray();
    for (const std::string& text : texts) json_.Text(text);
    json_.EndArray();
  }

  void WriteSessionLog(const Run& run) {
    constexpr const char* kStatus[] = {"STATUS_UNSPECIFIED", "START", "STOP", "CHECKPOINT"};
    if (run.session_log.empty()) return;
    json_.Key("session_log");
    json_.BeginArray();
    for (const SessionEvent& event : run.session_log) {
      json_.BeginObject();
      json_.Key("status");
      json_.Text(event.status >= 0 && event.status < 4 ? kStatus[event.status]
                                                       : std::to_string(event.status));
      json_.Key("step");
      json_.Integer(event.step);
      json_.Key("wall_time");
      json_.Double(event.wall_time);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WriteSeries(const Run& run, const Series& series) {
    const SeriesMetadata& metadata = log_.metadata(series);
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
      if (series.storage[storage] == 0) continue;
      json_.Key(Name(static_cast<Storage>(storage)));
      json_.Unsigned(series.storage[storage]);
    }
    json_.EndObject();
    json_.Key("metadata_on");
    json_.Unsigned(series.metadata_count);
    if (run.files.size() > 1) WritePointsPerFile(run, series);
    WriteColumns(series);
    if (log_.IsScalar(series)) {
      if (!metadata.content.empty()) WriteContent(metadata.content);
      WriteScalars(series);
    }
    json_.EndObject();
  }

  /// Plugin data that no schema of ours describes: text if it is printable ASCII, else hex.
  void WriteContent(const std::string& content) {
    const bool printable =
        std::all_of(content.begin(), content.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    json_.Key("content");
    json_.BeginObject();
    json_.Key(printable ? "text" : "hex");
    std::string hex;
    for (const unsigned char c : content) {
      constexpr char kHex[] = "0123456789abcdef";
      hex += kHex[c >> 4];
      hex += kHex[c & 15];
    }
    json_.Text(printable ? content : hex);
    json_.EndObject();
  }

  void WritePointsPerFile(const Run& run, const Series& series) {
    std::vector<uint64_t> points(run.files.size());
    for (const auto& [file, count] : series.points_per_file) points[file] += count;
    json_.Key("points_per_file");
    json_.BeginArray();
    for (const uint64_t count : points) json_.Unsigned(count);
    json_.EndArray();
  }

  void WriteColumns(const Series& series) {
    json_.Key("steps");
    json_.BeginArray();
    for (const PointColumns::Chunk& chunk : series.points.chunks()) {
      for (uint32_t i = 0; i < chunk.size; ++i) {
        json_.Integer(chunk.has_exact ? chunk.exact_steps()[i] : static_cast<int64_t>(chunk.steps()[i]));
      }
    }
    json_.EndArray();
    json_.Key("wall_times");
    json_.BeginArray();
    for (const PointColumns::Chunk& chunk : series.points.chunks()) {
      for (uint32_t i = 0; i < chunk.size; ++i) json_.Double(chunk.wall_times()[i]);
    }
    json_.EndArray();
  }

  void WriteScalars(const Series& series) {
    json_.Key("values");
    json_.BeginArray();
    auto exact = series.exact.begin();
    for (const PointColumns::Chunk& chunk : series.points.chunks()) {
      for (uint32_t i = 0; i < chunk.size; ++i) {
        const uint32_t index = chunk.first + i;
        if (exact != series.exact.end() && exact->index == index) {
          json_.Raw((exact++)->json);
        } else {
          WriteNumber(series.dtypes.empty() ? series.dtype : series.dtypes[index], chunk.number(i));
        }
      }
    }
    json_.EndArray();
    if (series.points.size() == 0) return;
    json_.Key("dtype");
    if (series.dtypes.empty()) {
      json_.Text(InfoOf(series.dtype).name);
    } else {
      std::vector<std::string_view> names;
      for (const DType dtype : series.dtypes) names.push_back(InfoOf(dtype).name);
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());
      json_.BeginArray();
      for (const std::string_view name : names) json_.Text(name);
      json_.EndArray();
    }
    if (!series.shapes_differ) {
      json_.Key("shape");
      json_.BeginArray();
      for (const int64_t size : series.shape) json_.Integer(size);
      json_.EndArray();
    }
  }

  void WriteNumber(DType dtype, double number) {
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

  const Log& log_;
  JsonWriter json_;
};

}  // namespace

std::string Dump(const Log& log) { return Dumper(log).Write(); }

}  // namespace tensorpane
