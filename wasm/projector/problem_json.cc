#include "projector/problem_json.h"

#include "base/json_writer.h"
#include "base/utf8.h"

namespace tensorpane {

void WriteProblemMembers(std::string_view fault, std::string_view path, const ProjectorProblem& place,
                         JsonWriter* json) {
  json->Key("fault");
  json->Text(fault);
  json->Key("path");
  json->Text(ToValidUtf8(AsBytes(path)));
  if (place.line > 0) {
    json->Key("line");
    json->Unsigned(place.line);
    json->Key("column");
    json->Unsigned(place.column);
  }
}

}  // namespace tensorpane
