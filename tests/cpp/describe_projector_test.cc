#include "dump/describe_projector.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tensorpane {
namespace {

using nlohmann::json;

struct File {
  std::string path;
  std::string bytes;
  uint64_t told_size = UINT64_MAX;  // when it differs
};

/// Bytes that were read of all files together.
uint64_t bytes_read;

json Describe(const std::vector<File>& files) {
  std::vector<FileBeside> beside;
  for (const File& file : files) {
    beside.push_back({file.path, file.told_size == UINT64_MAX ? file.bytes.size() : file.told_size});
  }
  bytes_read = 0;
  ProjectorDescriber describer(beside);
  ProjectorDescriber::Status status = describer.Describe();
  while (status == ProjectorDescriber::Status::kNeed) {
    const auto [file, offset, length] = describer.request();
    EXPECT_LE(length, ProjectorDescriber::kPieceBytes);
    const std::string& bytes = files[file].bytes;
    const std::string part = offset < bytes.size() ? bytes.substr(offset, length) : "";
    bytes_read += part.size();
    status = describer.Provide(AsBytes(part));
  }
  return json::parse(describer.Take());
}

std::string Embedding(const std::string& fields) {
  return "embeddings { tensor_name: 'e' " + fields + " }\n";
}

/// What is said of the one embedding of a config in the folder `run`.
json DescribeOne(const std::string& fields, std::vector<File> files) {
  files.push_back({"run/projector_config.pbtxt", Embedding(fields)});
  json described = Describe(files);
  EXPECT_EQ(described.size(), 1u);
  EXPECT_EQ(described[0]["config"], "run/projector_config.pbtxt");
  json embedding = described[0]["embeddings"].at(0);
  EXPECT_EQ(embedding["tensor_name"], "e");
  embedding.erase("tensor_name");
  return embedding;
}

TEST(DescribeProjector, NoConfigNoEntry) {
  EXPECT_EQ(Describe({}), json::array());
  EXPECT_EQ(Describe({{"a.tsv", "1\t2\n"}, {"old_projector_config.pbtxt.bak", "x"}}), json::array());
}

TEST(DescribeProjector, TensorsLargerThanAPiece) {
  std::string text = "1\t2\t3\n";
  while (text.size() < 5 * ProjectorDescriber::kPieceBytes / 2) text += "0.25\t-1\t1e3\n";
  const auto rows = std::count(text.begin(), text.end(), '\n');
  EXPECT_EQ(DescribeOne("tensor_path: 't.tsv'", {{"run/t.tsv", text}}),
            json({{"rows", rows}, {"columns", 3}, {"first", {"1", "2", "3"}}}));

  const std::string bytes(3 * ProjectorDescriber::kPieceBytes, '\0');
  EXPECT_EQ(DescribeOne("tensor_path: 't.bytes' tensor_shape: [786432, 1]", {{"run/t.bytes", bytes}}),
            json({{"rows", 786432}, {"columns", 1}, {"bytes", bytes.size()}}));
}

TEST(DescribeProjector, ProblemsSayWhere) {
  EXPECT_EQ(DescribeOne("tensor_path: 't.tsv'", {{"run/t.tsv", "1\t2\n3\tx\n"}})["tensor_problem"],
            json({{"fault", "not_a_number"}, {"line", 2}, {"column", 2}, {"text", "x"}}));
  EXPECT_EQ(
      DescribeOne("tensor_path: 't.bytes' tensor_shape: [2, 1]", {{"run/t.bytes", "1234"}})["tensor_problem"],
      json({{"fault", "size"}}));
  EXPECT_EQ(DescribeOne("tensor_path: 't.npy'", {{"run/t.npy", ""}})["tensor_problem"],
            json({{"fault", "cut_off"}}));
  EXPECT_TRUE(
      DescribeOne("sprite { image_path: 's.png' }", {{"run/s.png", "no image"}})["sprite"].contains("error"));
}

TEST(DescribeProjector, AFileThatBecameShorterEndsThere) {
  EXPECT_EQ(DescribeOne("metadata_path: 'm.tsv'", {{"run/m.tsv", "a\nb\n", 5'000'000}}),
            json({{"metadata_rows", 2}, {"metadata_columns", 1}, {"metadata_header", nullptr}}));
}

TEST(DescribeProjector, OnlyFilesBelowTheConfigAreLookedAt) {
  const std::vector<File> files = {{"t.tsv", "1\n"}, {"run/sub/t.tsv", "1\n"}};
  EXPECT_EQ(DescribeOne("tensor_path: '../t.tsv'", files), json({{"missing", {"../t.tsv"}}}));
  EXPECT_EQ(DescribeOne("tensor_path: '/t.tsv' metadata_path: 't.tsv'", files),
            json({{"missing", {"/t.tsv", "t.tsv"}}}));
  EXPECT_EQ(DescribeOne("tensor_path: 'sub/t.tsv'", files),
            json({{"rows", 1}, {"columns", 1}, {"first", {"1"}}}));
}

TEST(DescribeProjector, AConfigThatCannotBeReadCostsOnlyItself) {
  const json described =
      Describe({{"b/projector_config.pbtxt", Embedding("tensor_path: 't.tsv'") + "embeddings {"},
                {"b/t.tsv", "1\n"},
                {"a/projector_config.pbtxt", "", uint64_t{1} << 40},
                {"c/projector_config.pbtxt", ""}});
  ASSERT_EQ(described.size(), 3u);
  EXPECT_EQ(described[0]["problem"]["fault"], "too_big");
  EXPECT_EQ(described[0]["embeddings"], json::array());
  EXPECT_EQ(described[1]["problem"]["line"], 2);
  EXPECT_EQ(described[1]["embeddings"][0]["rows"], 1);
  EXPECT_EQ(described[2], json({{"config", "c/projector_config.pbtxt"},
                                {"parsed", json::object()},
                                {"embeddings", json::array()}}));
}

TEST(DescribeProjector, AFileNamedOftenIsReadOnce) {
  std::string config;
  for (int i = 0; i < 1000; ++i) config += Embedding("tensor_path: 't.tsv' metadata_path: 't.tsv'");
  const std::string tensor = "1\t2\n3\t4\n";
  const json described = Describe({{"projector_config.pbtxt", config}, {"t.tsv", tensor}});
  ASSERT_EQ(described[0]["embeddings"].size(), 1000u);
  EXPECT_EQ(described[0]["embeddings"][999]["rows"], 2);
  EXPECT_EQ(described[0]["embeddings"][999]["metadata_rows"], 1);
  EXPECT_EQ(bytes_read, config.size() + 2 * tensor.size());
}

}  // namespace
}  // namespace tensorpane
