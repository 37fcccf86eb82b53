#include "log/restart_report.h"

#include <algorithm>

#include "base/json_writer.h"

namespace tensorpane {
namespace {

constexpr size_t kMostShown = 20;  // a person reads the first few

void WriteFile(const LogFile& file, JsonWriter* json) {
  json->BeginObject();
  json->Key("name");
  json->Text(file.report.name);
  json->Key("points");
  json->Unsigned(file.points);
  json->EndObject();
}

void WritePlace(const Log& log, const Run& run, const RestartFiles& files, const RestartPlace& place,
                JsonWriter* json) {
  const auto name_of = [&](uint32_t index) -> const std::string& {
    return log.files()[Index(run.files[index])].report.name;
  };
  json->BeginObject();
  json->Key("before");
  json->Text(name_of(files.first));
  json->Key("after");
  json->Text(name_of(files.second));
  json->Key("step");
  json->Integer(place.step);
  json->Key("lastStep");
  json->Integer(place.last_step);
  json->Key("tags");
  json->Unsigned(place.tags);
  json->Key("restarts");
  json->Unsigned(place.restarts);
  json->Key("superseded");
  json->Unsigned(place.superseded);
  json->EndObject();
}

}  // namespace

void WriteRestarts(const Log& log, const Run& run, JsonWriter* json) {
  json->BeginObject();
  json->Key("run");
  json->Text(run.name);
  json->Key("fileCount");
  json->Unsigned(run.files.size());
  json->Key("files");
  json->BeginArray();
  for (size_t i = 0; i < std::min(run.files.size(), kMostShown); ++i) {
    WriteFile(log.files()[Index(run.files[i])], json);
  }
  json->EndArray();
  json->Key("placeCount");
  json->Unsigned(run.restarts.size());
  json->Key("places");
  json->BeginArray();
  size_t shown = 0;
  for (const auto& [files, place] : run.restarts) {
    if (shown++ == kMostShown) break;
    WritePlace(log, run, files, place, json);
  }
  json->EndArray();
  json->EndObject();
}

}  // namespace tensorpane
