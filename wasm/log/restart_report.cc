#include "log/restart_report.h"

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "log/lives.h"

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

void WritePlace(const Log& log, const Run& run, const RestartPlaces::value_type& files_and_place,
                JsonWriter* json) {
  const auto& [files, place] = files_and_place;
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

RestartPlaces PlacesOf(const Log& log, const Run& run) {
  RestartPlaces places;
  for (const SeriesId id : run.series) {
    std::set<const RestartPlace*> of_series;
    for (const Restart& restart : RestartsOf(log.series(id))) {
      const auto [at, is_new] = places.try_emplace({restart.file_before, restart.file_after});
      RestartPlace& place = at->second;
      place.step = is_new ? restart.step : std::min(place.step, restart.step);
      place.last_step = is_new ? restart.last_step : std::max(place.last_step, restart.last_step);
      ++place.restarts;
      place.superseded += restart.superseded;
      place.tags += of_series.insert(&place).second;
    }
  }
  return places;
}

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
  const RestartPlaces places = PlacesOf(log, run);
  json->Unsigned(places.size());
  json->Key("places");
  json->BeginArray();
  size_t shown = 0;
  for (const auto& place : places) {
    if (shown++ == kMostShown) break;
    WritePlace(log, run, place, json);
  }
  json->EndArray();
  json->EndObject();
}

}  // namespace tensorpane
