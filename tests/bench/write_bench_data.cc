// write_bench_data FOLDER: the files that all contestants read. A short file is of the same kind as the long
// one, for contestants that would take minutes.

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "../cpp/bundle_bytes.h"
#include "../cpp/event_bytes.h"
#include "clusters.h"
#include "graph_shapes.h"

namespace {

using namespace tensorpane;
using namespace tensorpane::testing;

class File {
 public:
  File(const std::string& folder, const std::string& name)
      : file_(std::fopen((folder + '/' + name).c_str(), "wb")) {
    if (file_ == nullptr) {
      std::perror(name.c_str());
      std::exit(1);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (std::fclose(file_) != 0) std::exit(1);
  }
  void Write(const std::string& bytes) { std::fwrite(bytes.data(), 1, bytes.size(), file_); }

 private:
  std::FILE* file_;
};

uint32_t Random() {
  static uint32_t random = 1;
  return random = random * 1664525 + 1013904223;
}
float Noise() { return static_cast<float>(Random() >> 8) / (1 << 24); }

std::string TagOf(int i) { return "group" + std::to_string(i % 4) + "/tag" + std::to_string(i); }

constexpr int kScalarTags = 16;

/// As tf.summary.scalar writes them: one value an event, metadata in each.
void WriteTf2(const std::string& folder, const std::string& name, int events) {
  File file(folder, name);
  file.Write(Version());
  for (int i = 0; i < events; ++i) {
    const std::string tensor = VarintField(1, 1) + BytesField(2, "") + BytesField(4, Raw(Noise()));
    file.Write(Frame(SummaryEvent(i / kScalarTags, {TensorValue(TagOf(i % kScalarTags), "scalars", tensor)},
                                  1.7e9 + i * 0.01)));
  }
}

/// As torch's add_scalar writes them.
void WriteSimple(const std::string& folder, const std::string& name, int events) {
  File file(folder, name);
  file.Write(Version());
  for (int i = 0; i < events; ++i) {
    file.Write(Frame(
        SummaryEvent(i / kScalarTags, {SimpleValue(TagOf(i % kScalarTags), Noise())}, 1.7e9 + i * 0.01)));
  }
}

/// As torch's add_histogram writes them, with a hundred buckets.
void WriteHistograms(const std::string& folder, const std::string& name, int tags, int steps) {
  constexpr int kBuckets = 100;
  File file(folder, name);
  file.Write(Version());
  for (int step = 0; step < steps; ++step) {
    for (int tag = 0; tag < tags; ++tag) {
      std::string limits, counts;
      for (int i = 0; i < kBuckets; ++i) {
        limits += Raw(-1 + 0.02 * (i + 1));
        counts += Raw(static_cast<double>(Random() >> 20));
      }
      const std::string histogram = DoubleField(1, -1) + DoubleField(2, 1) + DoubleField(3, 1e5) +
                                    DoubleField(4, 3) + DoubleField(5, 1e4) + BytesField(6, limits) +
                                    BytesField(7, counts);
      const std::string value = BytesField(1, TagOf(tag)) + BytesField(5, histogram);
      file.Write(Frame(SummaryEvent(step, {value}, 1.7e9 + step)));
    }
  }
}

/// As torch's add_image writes them; the bytes of a picture are noise, as compressed ones are.
void WriteImages(const std::string& folder, const std::string& name, int images) {
  File file(folder, name);
  file.Write(Version());
  std::string encoded(100'000, '\0');
  for (int step = 0; step < images; ++step) {
    for (char& c : encoded) c = static_cast<char>(Random() >> 24);
    const std::string image =
        VarintField(1, 256) + VarintField(2, 256) + VarintField(3, 3) + BytesField(4, encoded);
    file.Write(Frame(SummaryEvent(step, {BytesField(1, "picture") + BytesField(4, image)}, 1.7e9 + step)));
  }
}

std::string Attribute(const std::string& key, const std::string& value) {
  return BytesField(5, BytesField(1, key) + BytesField(2, value));
}

/// A GraphDef of about so many bytes: chains of nodes as Keras makes them.
void WriteGraph(const std::string& folder, const std::string& name, size_t bytes) {
  constexpr const char* kOps[] = {"MatMul", "AddV2", "Relu", "Const", "ReadVariableOp", "Identity", "Mul"};
  File file(folder, name);
  size_t written = 0;
  std::string before = "input";
  for (int i = 0; written < bytes; ++i) {
    const std::string node = "model/block_" + std::to_string(i / 50) + "/layer_" +
                             std::to_string(i / 5 % 10) + '/' + kOps[i % 7] + '_' + std::to_string(i);
    const std::string shape = BytesField(2, VarintField(1, 32)) + BytesField(2, VarintField(1, 128));
    const std::string field =
        BytesField(1, BytesField(1, node) + BytesField(2, kOps[i % 7]) + BytesField(3, before) +
                          BytesField(3, "^init") + BytesField(4, "/job:localhost/device:CPU:0") +
                          Attribute("T", VarintField(6, 1)) + Attribute("transpose_a", VarintField(5, 0)) +
                          Attribute("_output_shapes", BytesField(1, BytesField(7, shape))));
    file.Write(field);
    written += field.size();
    before = node;
  }
  file.Write(BytesField(4, VarintField(1, 1882)));
}

/// A level of a graph for those that lay it out: vertices and edges, sizes, ends.
void WriteLevel(const std::string& folder, const std::string& name, const bench::GraphShape& graph) {
  const LevelGraph level = bench::ToLevel(graph);
  File file(folder, name + ".level");
  std::string text = std::to_string(level.vertices.size()) + ' ' + std::to_string(level.edges.size()) + '\n';
  for (const auto& vertex : level.vertices)
    text += std::to_string(vertex.width) + ' ' + std::to_string(vertex.height) + '\n';
  for (const auto& edge : level.edges)
    text += std::to_string(edge.from) + ' ' + std::to_string(edge.to) + '\n';
  file.Write(text);
}

/// Numbers as the projector's raw tensors have them.
void WritePoints(const std::string& folder, uint32_t count, uint32_t dimensions) {
  File file(folder, "points_" + std::to_string(count) + "x" + std::to_string(dimensions) + ".bytes");
  file.Write(FloatBytes(bench::Clusters(count, dimensions)));
}

/// The same numbers of 50 columns as text, each as short as it can be (as NumPy prints them), and in a
/// checkpoint: about 100 MB of both.
void WriteEmbeddings(const std::string& folder) {
  constexpr uint32_t kRows = 500'000, kColumns = 50;
  const std::vector<float> values = bench::Clusters(kRows, kColumns);
  File table(folder, "points.tsv");
  size_t written = 0;
  for (size_t row = 0; row < kRows && written < 100'000'000; ++row) {
    std::string line;
    for (size_t column = 0; column < kColumns; ++column) {
      char text[32];
      line.append(text, std::to_chars(text, text + sizeof text, values[row * kColumns + column]).ptr);
      line += column + 1 < kColumns ? '\t' : '\n';
    }
    table.Write(line);
    written += line.size();
  }
  Bundle bundle;
  bundle.Add("embedding", 1, {kRows, kColumns}, FloatBytes(values));
  File(folder, "points.index").Write(bundle.Index());
  File(folder, "points.data-00000-of-00001").Write(bundle.data);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_bench_data FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = argv[1];
  WriteTf2(folder, "tf2.tfevents", 100'000);
  WriteTf2(folder, "tf2_short.tfevents", 20'000);
  WriteTf2(folder, "tf2_long.tfevents", 1'000'000);
  WriteSimple(folder, "simple.tfevents", 100'000);
  WriteSimple(folder, "simple_short.tfevents", 20'000);
  WriteHistograms(folder, "histograms.tfevents", 50, 100);
  WriteHistograms(folder, "histograms_short.tfevents", 50, 20);
  WriteImages(folder, "images.tfevents", 1000);
  WriteGraph(folder, "graph.pb", 50'000'000);
  WriteHistograms(folder, "histogram_steps.tfevents", 1, 10'000);
  // To be compressed and deleted by tests/bench/run.
  WriteTf2(folder, "tf2_200mb.tfevents", 2'640'000);
  WriteLevel(folder, "residual_1000", bench::MakeResidual(1000));
  WriteLevel(folder, "layered_300", bench::MakeLayered(300));
  WriteLevel(folder, "flat_300", bench::MakeFlat(300));
  WritePoints(folder, 10'000, 50);
  WritePoints(folder, 50'000, 50);
  WritePoints(folder, 50'000, 200);
  WritePoints(folder, 100'000, 64);
  WriteEmbeddings(folder);
}
