#include "log/file_report.h"

#include <algorithm>

#include "base/json_writer.h"

namespace tensorpane {

void FileReport::Count(ReportKind kind, uint64_t offset, uint64_t bytes) {
  ++counts[static_cast<size_t>(kind)];
  changed = true;
  if (places.size() < kMaxPlaces) places.push_back({kind, offset, bytes});
}

bool FileReport::HasNews() const {
  return error != ErrorCode::kNone || !looks_like.empty() ||
         std::any_of(counts.begin(), counts.end(), [](uint64_t n) { return n > 0; });
}

void FileReport::WriteJson(const std::string& run, JsonWriter* json) const {
  constexpr size_t kPlacesShown = 20;  // a person reads the first few; the dump has all
  json->BeginObject();
  json->Key("run");
  json->Text(run);
  json->Key("name");
  json->Text(name);
  json->Key("size");
  json->Unsigned(size);
  json->Key("records");
  json->Unsigned(records);
  if (!looks_like.empty()) {
    json->Key("looksLike");
    json->Text(looks_like);
  }
  if (error != ErrorCode::kNone) {
    json->Key("error");
    json->BeginObject();
    json->Key("code");
    json->Text(Name(error));
    json->EndObject();
  }
  json->Key("counts");
  json->BeginArray();
  for (size_t kind = 0; kind < kReportKindCount; ++kind) {
    if (counts[kind] == 0) continue;
    json->BeginObject();
    json->Key("kind");
    json->Text(kReportKinds[kind].name);
    json->Key("severity");
    json->Text(kReportKinds[kind].severity);
    json->Key("count");
    json->Unsigned(counts[kind]);
    json->EndObject();
  }
  json->EndArray();
  json->Key("places");
  json->BeginArray();
  for (size_t i = 0; i < std::min(places.size(), kPlacesShown); ++i) {
    json->BeginObject();
    json->Key("kind");
    json->Text(kReportKinds[static_cast<size_t>(places[i].kind)].name);
    json->Key("offset");
    json->Unsigned(places[i].offset);
    json->Key("bytes");
    json->Unsigned(places[i].bytes);
    json->EndObject();
  }
  json->EndArray();
  json->EndObject();
}

}  // namespace tensorpane
