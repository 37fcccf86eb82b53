#include "graph/scene_query.h"

#include "base/json_reader.h"

namespace tensorpane {
namespace {

bool ReadTexts(JsonReader* reader, std::vector<std::string>* texts) {
  if (reader->Next() != JsonReader::Token::kBeginArray) return false;
  for (JsonReader::Token token; (token = reader->Next()) != JsonReader::Token::kEndArray;) {
    if (token != JsonReader::Token::kText) return false;
    texts->push_back(reader->text());
  }
  return true;
}

}  // namespace

std::optional<SceneQuery> ReadSceneQuery(std::string_view json) {
  using Token = JsonReader::Token;
  SceneQuery query;
  JsonReader reader(AsBytes(json));
  if (reader.Next() != Token::kBeginObject) return {};
  for (Token token; (token = reader.Next()) != Token::kEndObject;) {
    if (token != Token::kKey) return {};
    const std::string key = reader.text();
    if (key == "open" || key == "putBack" || key == "takenOut") {
      if (!ReadTexts(&reader, key == "open"      ? &query.open
                              : key == "putBack" ? &query.put_back
                                                 : &query.taken_out)) {
        return {};
      }
    } else if (key == "colour") {
      if (reader.Next() != Token::kText) return {};
      for (size_t i = 0; i < kColourCount; ++i) {
        if (Name(static_cast<ColourBy>(i)) == reader.text()) query.colour = static_cast<ColourBy>(i);
      }
    } else if (!reader.Skip(reader.Next())) {
      return {};
    }
  }
  return query;
}

}  // namespace tensorpane
