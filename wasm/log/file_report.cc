#include "log/file_report.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"

namespace tensorpane {

namespace {

std::string Hex(Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

/// As a number is read: the first byte last.
std::string HexOfCrc(uint32_t crc) {
  const uint8_t bytes[] = {static_cast<uint8_t>(crc >> 24), static_cast<uint8_t>(crc >> 16),
                           static_cast<uint8_t>(crc >> 8), static_cast<uint8_t>(crc)};
  return Hex(bytes);
}

void WriteDamage(const Damage& damage, JsonWriter* json) {
  json->Key("start");
  json->Text(Hex(damage.start));
  if (damage.kind != DamageKind::kDataCrc && damage.kind != DamageKind::kLengthCrc) return;
  json->Key("stored");
  json->Text(HexOfCrc(damage.stored_crc));
  json->Key("computed");
  json->Text(HexOfCrc(damage.right_crc));
}

void WritePlace(const ReportPlace& place, JsonWriter* json) {
  json->BeginObject();
  json->Key("kind");
  json->Text(kReportKinds[static_cast<size_t>(place.kind)].name);
  json->Key("offset");
  json->Unsigned(place.offset);
  json->Key("bytes");
  json->Unsigned(place.bytes);
  if (place.damage) WriteDamage(*place.damage, json);
  if (place.step_before) {
    json->Key("stepBefore");
    json->Text(std::to_string(*place.step_before));
  }
  if (place.step_after) {
    json->Key("stepAfter");
    json->Text(std::to_string(*place.step_after));
  }
  json->EndObject();
}

}  // namespace

void FileReport::Count(ReportPlace place) {
  ++counts[static_cast<size_t>(place.kind)];
  changed = true;
  if (places.size() < kMaxPlaces) places.push_back(std::move(place));
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
    WritePlace(places[i], json);
  }
  json->EndArray();
  json->EndObject();
}

}  // namespace tensorpane
