#include "projector/projector_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "base/json_writer.h"
#include "projector/array_reader.h"
#include "projector/table_reader.h"
#include "projector/tsv.h"

namespace tensorpane {
namespace {

using nlohmann::json;

std::string JsonOf(const ProjectorConfig& config) {
  JsonWriter writer;
  WriteProjectorConfigJson(config, &writer);
  return writer.Take();
}

std::string Parsed(std::string_view text) {
  ProjectorConfig config;
  const ProjectorProblem problem = ParseProjectorConfig(text, &config);
  EXPECT_TRUE(problem.ok()) << text << ": " << Name(problem.fault);
  return JsonOf(config);
}

std::string ProblemOf(std::string_view text) {
  ProjectorConfig config;
  const ProjectorProblem problem = ParseProjectorConfig(text, &config);
  return std::string(Name(problem.fault)) + " " + std::to_string(problem.line) + ":" +
         std::to_string(problem.column);
}

TEST(ProjectorConfig, AllFields) {
  EXPECT_EQ(Parsed(R"(
    model_checkpoint_path: "m" model_checkpoint_dir: 'd'
    embeddings: <
      tensor_name: "t" metadata_path: "m" bookmarks_path: "b" tensor_path: "p"
      tensor_shape: [0x10, 4294967295], tensor_shape: 3;
      sprite { image_path: "i" single_image_dim: [28, 28] }
    >)"),
            R"({"model_checkpoint_path":"m","embeddings":[{"tensor_name":"t","metadata_path":"m",)"
            R"("bookmarks_path":"b","tensor_shape":[16,4294967295,3],)"
            R"("sprite":{"image_path":"i","single_image_dim":[28,28]},"tensor_path":"p"}],)"
            R"("model_checkpoint_dir":"d"})");
}

TEST(ProjectorConfig, OnlyWhatIsSet) {
  EXPECT_EQ(Parsed(""), "{}");
  EXPECT_EQ(Parsed("model_checkpoint_path: ''"), "{}");
  EXPECT_EQ(
      Parsed("embeddings {} embeddings { sprite {} } embeddings [{tensor_shape: []}, {tensor_shape: 0}]"),
      R"({"embeddings":[{},{"sprite":{}},{},{"tensor_shape":[0]}]})");
}

TEST(ProjectorConfig, UnknownFieldsAreSkipped) {
  EXPECT_EQ(Parsed(R"(new: 1 new { embeddings { tensor_name: 5 } } [x.y] { sprite: 1 } tensor_name: -3
                      embeddings { new: [1, 2] new [{}, {sprite {}}] tensor_name: 't' embeddings { tensor_name: 1 } }
                      sprite { image_path: 1 })"),
            R"({"embeddings":[{"tensor_name":"t"}]})");
}

TEST(ProjectorConfig, Twice) {
  EXPECT_EQ(Parsed("embeddings { tensor_name: 'a' tensor_name: 'b' sprite { image_path: 'i' } "
                   "sprite { single_image_dim: 1 } }"),
            R"({"embeddings":[{"tensor_name":"b","sprite":{"image_path":"i","single_image_dim":[1]}}]})");
}

TEST(ProjectorConfig, TextIsRepaired) {
  EXPECT_EQ(Parsed("model_checkpoint_path: 'a\\377\\\"\xC3'"),
            "{\"model_checkpoint_path\":\"a\uFFFD\\\"\uFFFD\"}");
}

TEST(ProjectorConfig, Problems) {
  EXPECT_EQ(ProblemOf("embeddings: 1"), "field_type 1:13");
  EXPECT_EQ(ProblemOf("model_checkpoint_path { }"), "field_type 1:23");
  EXPECT_EQ(ProblemOf("embeddings {\n tensor_name: 5 }"), "field_type 2:15");
  EXPECT_EQ(ProblemOf("embeddings { tensor_shape: 'x' }"), "field_type 1:28");
  EXPECT_EQ(ProblemOf("embeddings { tensor_shape: [1, -1] }"), "field_type 1:32");
  EXPECT_EQ(ProblemOf("embeddings { tensor_shape: 4294967296 }"), "field_type 1:28");
  EXPECT_EQ(ProblemOf("embeddings { sprite: 'x' }"), "field_type 1:22");
  EXPECT_EQ(ProblemOf("embeddings { sprite { single_image_dim { } } }"), "field_type 1:40");
  ProjectorConfig config;
  EXPECT_EQ(
      ParseProjectorConfig("embeddings { tensor_name: 'a' } embeddings { tensor_name: 'b' ?", &config).fault,
      ProjectorFault::kSyntax);
  EXPECT_EQ(JsonOf(config), R"({"embeddings":[{"tensor_name":"a"},{"tensor_name":"b"}]})");
  std::string many = "embeddings [{}";
  for (size_t i = 0; i < kMaxEmbeddings; ++i) many += ",{}";
  EXPECT_EQ(ParseProjectorConfig(many + "]", &config).fault, ProjectorFault::kTooMany);
  EXPECT_EQ(config.embeddings.size(), kMaxEmbeddings);
}

TEST(ProjectorConfig, Paths) {
  const auto path = [](std::string_view directory, std::string_view text) {
    return PathInConfigDirectory(directory, text).value_or("-");
  };
  EXPECT_EQ(path("", "a.tsv"), "a.tsv");
  EXPECT_EQ(path(".", "a.tsv"), "a.tsv");
  EXPECT_EQ(path("run/x", "00000/cnn%2ffeatures 100%25/a.tsv"), "run/x/00000/cnn%2ffeatures 100%25/a.tsv");
  EXPECT_EQ(path("r", "./a//b/./c"), "r/a/b/c");
  EXPECT_EQ(path("r", R"(00000/tag\tensors.tsv)"), "r/00000/tag/tensors.tsv");
  EXPECT_EQ(path("r", "a/..b/c..d/..."), "r/a/..b/c..d/...");
  EXPECT_EQ(path("r", "%2e%2e/a"), "r/%2e%2e/a");
  EXPECT_EQ(path("r", "a:b"), "-");  // a drive
  EXPECT_EQ(path("r", "ab:c"), "r/ab:c");
  for (const char* bad : {"", ".", "./", "/", "/a", "..", "../a", "a/../b", "a/..", R"(..\a)", R"(a\..\b)",
                          R"(\a)", R"(\\server\a)", "C:/a", R"(c:\a)"}) {
    EXPECT_EQ(path("r", bad), "-") << bad;
  }
  EXPECT_EQ(path("r", std::string_view("a\0b", 3)), "-");
}

TEST(ProjectorConfig, FormOfTensor) {
  EXPECT_EQ(FormOfTensor("a/b.bytes"), TensorForm::kRaw);
  EXPECT_EQ(FormOfTensor("b.npy"), TensorForm::kNpy);
  EXPECT_EQ(FormOfTensor("b.tsv"), TensorForm::kTsv);
  EXPECT_EQ(FormOfTensor(""), TensorForm::kTsv);
}

TEST(ProjectorConfig, EveryTruncationAndGarbage) {
  constexpr std::string_view kSample =
      "model_checkpoint_path: 'm' embeddings { tensor_name: \"t\\u00fc\" sprite { single_image_dim: [8, 8] } "
      "new [{}, <>] tensor_shape: 0x10 }";
  ProjectorConfig config;
  for (size_t length = 0; length < kSample.size(); ++length) {
    ParseProjectorConfig(std::string(kSample.substr(0, length)), &config);
  }
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(kSample);
    for (size_t changes = 1 + random() % 5; changes > 0; --changes) {
      text[random() % text.size()] = kSample[random() % kSample.size()];
    }
    ParseProjectorConfig(text, &config);
    EXPECT_TRUE(json::accept(JsonOf(config))) << text;
  }
}

// What real writers wrote, judged by expected.json.

std::optional<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

template <class Reader>
void FeedInPieces(const std::string& bytes, std::mt19937* random, Reader* reader) {
  for (Bytes rest = AsBytes(bytes); !rest.empty();) {
    const size_t length = std::min<size_t>(rest.size(), 1 + (*random)() % 5000);
    reader->Feed(rest.first(length));
    rest = rest.subspan(length);
  }
  reader->Finish();
}

void CheckTensor(const EmbeddingInfo& embedding, const std::string& bytes, json* seen) {
  std::mt19937 random(7);
  Matrix matrix;
  ProjectorProblem problem;
  if (FormOfTensor(embedding.tensor_path) == TensorForm::kTsv) {
    TsvTable table;
    FeedInPieces(bytes, &random, &table);
    TableReader reader;
    FeedInPieces(bytes, &random, &reader);
    problem = reader.problem();
    matrix = reader.Take();
    EXPECT_EQ(table.rows(), matrix.rows);
    EXPECT_EQ(table.columns(), matrix.columns);
    std::vector<std::string> first = table.first_row();
    first.resize(std::min<size_t>(first.size(), 4));
    for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(matrix.values[i], std::stof(first[i]));
    (*seen)["first"] = first;
  } else {
    ArrayReader reader = FormOfTensor(embedding.tensor_path) == TensorForm::kRaw
                             ? ArrayReader::Raw(embedding.tensor_shape)
                             : ArrayReader::Npy();
    FeedInPieces(bytes, &random, &reader);
    problem = reader.problem();
    matrix = reader.Take();
    (*seen)["bytes"] = bytes.size();
    EXPECT_EQ(std::memcmp(matrix.values.data(), bytes.data(), bytes.size()), 0);
  }
  EXPECT_TRUE(problem.ok()) << Name(problem.fault);
  EXPECT_EQ(matrix.values.size(), matrix.rows * matrix.columns);
  (*seen)["rows"] = matrix.rows;
  (*seen)["columns"] = matrix.columns;
}

void CheckMetadata(const std::string& bytes, json* seen) {
  std::mt19937 random(8);
  TsvTable table;
  FeedInPieces(bytes, &random, &table);
  (*seen)["metadata_rows"] = table.metadata_rows();
  (*seen)["metadata_columns"] = table.columns();
  (*seen)["metadata_header"] = table.has_header() ? json(table.first_row()) : json();
}

TEST(ProjectorConfig, RealFiles) {
  int configs = 0;
  for (const char* name :
       {"torch_embedding", "projector_files", "keras_digits", "keras2_digits", "tbx_all"}) {
    const std::filesystem::path base = std::filesystem::path(TENSORPANE_TEST_DATA) / name;
    const json expected = json::parse(ReadFile(base / "expected.json").value());
    for (const json& entry : expected["projector"]) {
      const std::string place = entry["config"];
      SCOPED_TRACE(name + (": " + place));
      const std::string directory =
          place.find('/') == std::string::npos ? "" : place.substr(0, place.rfind('/'));
      ProjectorConfig config;
      ASSERT_TRUE(ParseProjectorConfig(ReadFile(base / "logs" / place).value(), &config).ok());
      EXPECT_EQ(json::parse(JsonOf(config)), entry["parsed"]);
      ASSERT_EQ(config.embeddings.size(), entry["embeddings"].size());
      for (size_t i = 0; i < config.embeddings.size(); ++i) {
        const EmbeddingInfo& embedding = config.embeddings[i];
        const auto read = [&](const std::string& path) -> std::optional<std::string> {
          const auto inside = PathInConfigDirectory(directory, path);
          return inside ? ReadFile(base / "logs" / *inside) : std::nullopt;
        };
        json seen = {{"tensor_name", embedding.tensor_name}};
        if (const auto bytes = read(embedding.tensor_path)) CheckTensor(embedding, *bytes, &seen);
        if (const auto bytes = read(embedding.metadata_path)) CheckMetadata(*bytes, &seen);
        json wanted = entry["embeddings"][i];
        wanted.erase("sprite");  // media/image_info.h
        EXPECT_EQ(seen, wanted);
      }
      ++configs;
    }
  }
  EXPECT_EQ(configs, 7);
}

}  // namespace
}  // namespace tensorpane
