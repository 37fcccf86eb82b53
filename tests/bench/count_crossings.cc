// count_crossings LEVEL DRAWING: how often edges cross in our drawing of a level, and in another one of it:
// two numbers.

#include <cstdio>
#include <fstream>

#include "layout/layered.h"

int main(int argc, char** argv) {
  using namespace tensorpane;
  if (argc != 3) {
    std::fputs("usage: count_crossings LEVEL DRAWING\n", stderr);
    return 2;
  }
  std::ifstream in(argv[1]), drawn(argv[2]);
  LevelGraph level;
  size_t vertices = 0, edges = 0;
  in >> vertices >> edges;
  level.vertices.resize(vertices);
  level.edges.resize(edges);
  for (auto& vertex : level.vertices) in >> vertex.width >> vertex.height;
  for (auto& edge : level.edges) in >> edge.from >> edge.to;

  LevelLayout drawing;
  drawing.corners.resize(vertices);
  for (auto& corner : drawing.corners) drawn >> corner.x >> corner.y;
  for (size_t e = 0; e < edges; ++e) {
    drawing.first_point.push_back(static_cast<uint32_t>(drawing.points.size()));
    size_t points = 0;
    drawn >> points;
    for (LayoutPoint point; points > 0; --points) {
      drawn >> point.x >> point.y;
      drawing.points.push_back(point);
    }
  }
  drawing.first_point.push_back(static_cast<uint32_t>(drawing.points.size()));
  if (!in || !drawn) {
    std::fputs("malformed\n", stderr);
    return 1;
  }
  std::printf("%llu %llu\n", static_cast<unsigned long long>(CountCrossings(level, LayOut(level, {}))),
              static_cast<unsigned long long>(CountCrossings(level, drawing)));
}
