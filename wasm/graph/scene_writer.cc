#include "graph/scene_writer.h"

#include "base/json_writer.h"

namespace tensorpane {
namespace {

void WriteNumbers(const Scene& scene, std::vector<double>* numbers) {
  *numbers = {double(scene.boxes.size()),
              double(scene.pieces.size()),
              scene.width,
              scene.height,
              scene.most,
              scene.took};
  for (const SceneBox& box : scene.boxes) {
    const int flags = (box.is_open ? 1 : 0) | (box.is_expandable ? 2 : 0) | (box.has_value_room ? 4 : 0);
    numbers->insert(numbers->end(),
                    {double(box.kind), box.x, box.y, box.width, box.height, double(box.parent), double(flags),
                     box.ops, box.colour.index, box.colour.share, double(box.difference),
                     double(box.constants), double(box.summaries), box.members, box.header});
  }
  for (const ScenePiece& piece : scene.pieces) {
    numbers->insert(numbers->end(), {double(piece.from), double(piece.to), double(piece.kind), piece.width,
                                     double(piece.upward), double(piece.difference),
                                     double(piece.points.size()), piece.label_at.x, piece.label_at.y});
  }
  for (const ScenePiece& piece : scene.pieces) {
    for (const LayoutPoint& point : piece.points) {
      numbers->push_back(point.x);
      numbers->push_back(point.y);
    }
  }
}

template <class List, class Write>
void WriteArray(std::string_view key, const List& list, JsonWriter* json, const Write& write) {
  json->Key(key);
  json->BeginArray();
  for (const auto& one : list) write(one);
  json->EndArray();
}

}  // namespace

void WriteScene(const Scene& scene, std::vector<double>* numbers, std::string* texts) {
  WriteNumbers(scene, numbers);
  JsonWriter json;
  json.BeginObject();
  WriteArray("boxes", scene.boxes, &json, [&json](const SceneBox& box) {
    json.BeginArray();
    json.Text(box.path);
    json.Text(box.text.label);
    json.Text(box.text.note);
    json.EndArray();
  });
  WriteArray("pieces", scene.pieces, &json, [&json](const ScenePiece& piece) { json.Text(piece.label); });
  WriteArray("takenOut", scene.taken_out, &json, [&json](const Scene::TakenOut& taken) {
    json.BeginObject();
    json.Key("path");
    json.Text(taken.path);
    json.Key("edges");
    json.Double(taken.edges);
    json.Key("byHand");
    json.Bool(taken.by_hand);
    json.EndObject();
  });
  WriteArray("legend", scene.legend, &json, [&json](const LegendEntry& entry) {
    json.BeginObject();
    json.Key("label");
    json.Text(entry.label);
    json.Key("count");
    json.Double(entry.count);
    json.EndObject();
  });
  WriteArray("coarse", scene.coarse, &json, [&json](const std::string& path) { json.Text(path); });
  json.EndObject();
  *texts = json.Take();
}

}  // namespace tensorpane
