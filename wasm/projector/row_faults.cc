#include "projector/row_faults.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace tensorpane {
namespace {

/// Of a cell that is told.
constexpr size_t kMaxToldBytes = 64;

}  // namespace

void RowFaults::Add(ProjectorFault fault, uint64_t row, uint64_t line, uint64_t column,
                    std::string_view cell) {
  auto kind = std::find_if(kinds_.begin(), kinds_.end(), [fault](const Kind& k) { return k.fault == fault; });
  if (kind == kinds_.end()) kind = kinds_.insert(kind, {fault, 0, {}});
  ++kind->count;
  if (kind->places.size() == kMaxPlaces) return;
  kind->places.push_back({row, {fault, line, column, ToValidUtf8(AsBytes(cell.substr(0, kMaxToldBytes)))}});
}

ProjectorProblem RowFaults::First() const {
  const Place* first = nullptr;
  for (const Kind& kind : kinds_) {
    if (first == nullptr || kind.places[0].row < first->row) first = &kind.places[0];
  }
  return first == nullptr ? ProjectorProblem() : first->problem;
}

void RowFaults::Write(JsonWriter* json) const {
  json->BeginArray();
  for (const Kind& kind : kinds_) {
    json->BeginObject();
    json->Key("fault");
    json->Text(Name(kind.fault));
    json->Key("count");
    json->Unsigned(kind.count);
    json->Key("places");
    json->BeginArray();
    for (const Place& place : kind.places) {
      json->BeginObject();
      json->Key("row");
      json->Unsigned(place.row);
      json->Key("line");
      json->Unsigned(place.problem.line);
      json->Key("column");
      json->Unsigned(place.problem.column);
      json->Key("text");
      json->Text(place.problem.text);
      json->EndObject();
    }
    json->EndArray();
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace tensorpane
