#include "projector/embedding_session.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/sha256.h"
#include "bundle_bytes.h"

namespace tensorpane {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// A session over files in memory.
class Files {
 public:
  using Status = EmbeddingSession::Status;

  void Add(const std::string& path, std::string bytes, uint64_t told_size = UINT64_MAX) {
    session.AddFile(path, told_size == UINT64_MAX ? bytes.size() : told_size);
    if (!numbers_.contains(path)) {
      numbers_[path] = files_.size();
      files_.emplace_back();
    }
    files_[numbers_[path]] = std::move(bytes);
  }
  void AddFolder(const fs::path& folder) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::stringstream bytes;
      bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      Add(entry.path().lexically_relative(folder).generic_string(), bytes.str());
    }
  }

  json Look(const std::string& path) { return Finish(session.Look(numbers_.at(path))); }
  json Read(const json& place) {
    json facts = Finish(session.ReadTensor(place.dump()));
    matrix = session.TakeMatrix();
    rows = session.TakeRows();
    EXPECT_EQ(matrix.values.size(), matrix.rows * matrix.columns);
    EXPECT_EQ(facts["rows"], matrix.rows);
    return facts;
  }
  json Metadata(const std::string& path, std::vector<uint32_t> wanted = {}) {
    return Finish(session.ReadMetadata(numbers_.at(path), std::move(wanted)));
  }
  /// The fault of reading it.
  std::string Fault(const json& place) {
    const json facts = Read(place);
    return facts.contains("problem") ? facts["problem"]["fault"].get<std::string>() : "";
  }

  EmbeddingSession session;
  Matrix matrix;
  std::vector<uint32_t> rows;
  uint64_t bytes_read = 0;

 private:
  json Finish(Status status) {
    bytes_read = 0;
    while (status == Status::kNeed) {
      const auto [file, offset, length] = session.request();
      EXPECT_LE(length, EmbeddingSession::kPieceBytes);
      EXPECT_GT(length, 0u);
      const std::string& bytes = files_.at(file);
      const std::string part = offset < bytes.size() ? bytes.substr(offset, length) : "";
      bytes_read += part.size();
      status = session.Provide(AsBytes(part));
    }
    return json::parse(session.text());
  }

  std::vector<std::string> files_;
  std::map<std::string, size_t> numbers_;
};

std::string Npy(const std::string& descr, const std::string& shape, const std::string& data) {
  const std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return "\x93NUMPY\1" + std::string(1, '\0') + LittleEndian(static_cast<uint16_t>(header.size())) + header +
         data;
}

/// A zip file of stored entries, without CRCs of directories: APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16.
std::string Zip(const std::vector<std::pair<std::string, std::string>>& entries) {
  const auto crc = [](std::string_view text) {
    uint32_t c = ~0u;
    for (const char byte : text) {
      c ^= static_cast<uint8_t>(byte);
      for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ (c & 1 ? 0xEDB88320u : 0);
    }
    return ~c;
  };
  std::string file, directory;
  for (const auto& [name, bytes] : entries) {
    const std::string common = LittleEndian<uint16_t>(20) + LittleEndian<uint16_t>(0) +
                               LittleEndian<uint16_t>(0) + LittleEndian<uint32_t>(0) +
                               LittleEndian(crc(bytes)) + LittleEndian(static_cast<uint32_t>(bytes.size())) +
                               LittleEndian(static_cast<uint32_t>(bytes.size())) +
                               LittleEndian(static_cast<uint16_t>(name.size())) + LittleEndian<uint16_t>(0);
    directory += "PK\1\2" + LittleEndian<uint16_t>(20) + common + std::string(10, '\0') +
                 LittleEndian(static_cast<uint32_t>(file.size())) + name;
    file += "PK\3\4" + common + name + bytes;
  }
  const auto count = LittleEndian(static_cast<uint16_t>(entries.size()));
  return file + directory + "PK\5\6" + std::string(4, '\0') + count + count +
         LittleEndian(static_cast<uint32_t>(directory.size())) +
         LittleEndian(static_cast<uint32_t>(file.size())) + std::string(2, '\0');
}

const fs::path kData = TENSORPANE_TEST_DATA;

TEST(EmbeddingSession, CheckpointsThatTensorFlowHasWritten) {
  size_t matrices = 0;
  for (const char* name : {"projector_files", "keras2_digits"}) {
    const json expected = json::parse(std::ifstream(kData / name / "expected.json"));
    Files files;
    files.AddFolder(kData / name / "logs");
    for (const json& checkpoint : expected["checkpoints"]) {
      const std::string path = checkpoint["file"];
      const json looked = files.Look(path);
      ASSERT_EQ(looked["kind"], "checkpoint");
      EXPECT_EQ(looked["variables"].size(), checkpoint["variables"].size());
      for (const json& variable : looked["variables"]) {
        const json& wanted = checkpoint["variables"].at(variable["name"]);
        EXPECT_EQ(variable["shape"], wanted["shape"]);
        EXPECT_EQ(variable["dtype"], wanted["dtype"]);
        if (wanted["shape"].size() != 2 || wanted["dtype"] != "float32") continue;
        ++matrices;
        const json facts = files.Read({{"path", path}, {"form", "checkpoint"}, {"name", variable["name"]}});
        EXPECT_FALSE(facts.contains("problem"));
        EXPECT_EQ((json{facts["rows"], facts["columns"]}), wanted["shape"]);
        // Only its own bytes: the .index is known.
        EXPECT_EQ(files.bytes_read, variable["bytes"]);
        EXPECT_EQ(Sha256Hex(InMemory(reinterpret_cast<const uint8_t*>(files.matrix.values.data()),
                                     files.bytes_read)),
                  wanted["sha256"]);
      }
    }
  }
  EXPECT_GT(matrices, 10u);
}

TEST(EmbeddingSession, ConfigsThatWritersLeave) {
  Files files;
  files.AddFolder(kData / "torch_embedding/logs");
  const json looked = files.Look("digits/projector_config.pbtxt");
  ASSERT_EQ(looked["kind"], "config");
  ASSERT_EQ(looked["embeddings"].size(), 4u);
  const json& second = looked["embeddings"][1];
  EXPECT_EQ(second["name"], "cnn/features 100%:00000");
  EXPECT_EQ(second["tensor"], "digits/00000/cnn%2ffeatures 100%25/tensors.tsv");
  EXPECT_EQ(second["form"], "table");
  EXPECT_EQ(second["sprite"], "digits/00000/cnn%2ffeatures 100%25/sprite.png");
  EXPECT_EQ(second["spriteSize"], (json{8, 8}));
  EXPECT_EQ(second["problems"], json::array());
  const json facts = files.Read({{"path", second["tensor"]}, {"form", "table"}});
  EXPECT_EQ(facts["rows"], 500);
  EXPECT_EQ(facts["columns"], 16);
  EXPECT_EQ(facts["faults"], json::array());
  const json metadata = files.Metadata(second["metadata"]);
  EXPECT_EQ(metadata["rows"], 500);
  ASSERT_EQ(metadata["columns"].size(), 3u);
  EXPECT_EQ(metadata["columns"][0]["name"], "label");
  EXPECT_EQ(metadata["columns"][0]["type"], "number");
  EXPECT_EQ(metadata["columns"][0]["distinct"], 10);
  EXPECT_EQ(metadata["columns"][1]["type"], "category");
}

TEST(EmbeddingSession, ConfigPathsThatLeadOut) {
  Files files;
  files.Add("run/projector_config.pbtxt",
            "embeddings { tensor_name: 'a' tensor_path: '../t.tsv' metadata_path: 'm.tsv' }");
  const json looked = files.Look("run/projector_config.pbtxt")["embeddings"][0];
  EXPECT_EQ(looked["tensor"], "");
  EXPECT_EQ(looked["metadata"], "run/m.tsv");
  EXPECT_EQ(
      looked["problems"],
      (json::array({{{"fault", "outside"}, {"path", "run/projector_config.pbtxt"}, {"text", "../t.tsv"}}})));
}

TEST(EmbeddingSession, ConfigOfThePublicProjector) {
  Files files;
  files.Add("d/config.json", R"({"embeddings": [{"tensorName": "w", "tensorShape": [10, 2], "tensorPath":
      "https://host/t.bytes", "metadataPath": "m.tsv", "sprite": {"imagePath": "s.png", "singleImageDim": [4, 5]},
      "unknown": {"x": [1, {"y": 2}]}}, {}], "modelCheckpointPath": "c"})");
  const json looked = files.Look("d/config.json");
  ASSERT_EQ(looked["kind"], "config");
  ASSERT_EQ(looked["embeddings"].size(), 2u);
  const json& first = looked["embeddings"][0];
  EXPECT_EQ(first["tensor"], "https://host/t.bytes");
  EXPECT_EQ(first["form"], "bytes");
  EXPECT_EQ(first["shape"], (json{10, 2}));
  EXPECT_EQ(first["metadata"], "d/m.tsv");
  EXPECT_EQ(first["sprite"], "d/s.png");
  EXPECT_EQ(first["spriteSize"], (json{4, 5}));
  for (const char* other :
       {"{}", "{\"a\": 1}", "{\"embeddings\": 1}", "{", "{\"embeddings\": [{\"sprite\": {", "[]"}) {
    files.Add("other.json", other);
    EXPECT_EQ(files.Look("other.json")["kind"], "none") << other;
  }
}

TEST(EmbeddingSession, KindsOfFilesByTheirBytes) {
  Files files;
  const auto kind = [&](const std::string& bytes) {
    files.Add("f", bytes);
    return files.Look("f")["kind"].get<std::string>();
  };
  EXPECT_EQ(kind("1\t2\n3\t4\n"), "table");
  EXPECT_EQ(kind("x,y\n3,4\n"), "table");
  EXPECT_EQ(kind("2 2\na 1 2\nb 3 4\n"), "words");
  EXPECT_EQ(kind("\x89HDF\r\n\x1a\n and so on"), "h5");
  EXPECT_EQ(kind(Npy("<f4", "(1, 2)", FloatBytes({1, 2}))), "npy");
  EXPECT_EQ(kind(Zip({{"a.npy", Npy("<f4", "(1, 2)", FloatBytes({1, 2}))}})), "npz");
  EXPECT_EQ(kind(Zip({{"a.txt", "text"}})), "none");
  EXPECT_EQ(kind("embeddings { tensor_name: 'a' }"), "config");
  EXPECT_EQ(kind("model_checkpoint_path: \"a\"\nall_model_checkpoint_paths: \"a\"\n"), "checkpoints");
  Bundle bundle;
  bundle.Add("v", 1, {1, 2}, FloatBytes({1, 2}));
  EXPECT_EQ(kind(bundle.Index()), "checkpoint");
  files.Add("rows.tsv", "x\ty\n1\t2\n3\t4");
  EXPECT_EQ(files.Look("rows.tsv")["rows"], 2);
  files.Add("labels.tsv", "label\none\ntwo\n");
  EXPECT_EQ(files.Look("labels.tsv")["rows"], 3);
  EXPECT_EQ(kind(""), "none");
  EXPECT_EQ(kind("Some words of nobody.\n"), "none");
  EXPECT_EQ(kind(std::string(100'000, '\0')), "none");
  files.Add("projector_config.pbtxt", "embeddings {");
  const json broken = files.Look("projector_config.pbtxt");
  EXPECT_EQ(broken["kind"], "config");
  EXPECT_EQ(broken["problem"]["line"], 1);
}

TEST(EmbeddingSession, AConfigThatIsLongerThanItsStart) {
  std::string config;
  while (config.size() < 3 << 20) config += "embeddings { tensor_name: 'a' tensor_path: 'b.tsv' }\n";
  Files files;
  files.Add("projector_config.pbtxt", config);
  EXPECT_EQ(files.Look("projector_config.pbtxt")["embeddings"].size(),
            static_cast<size_t>(std::count(config.begin(), config.end(), '\n')));
}

TEST(EmbeddingSession, ArraysInAnArchive) {
  Files files;
  files.Add("a.npz",
            Zip({{"x.npy", Npy("<i8", "(2, 2)",
                               LittleEndian<int64_t>(1) + LittleEndian<int64_t>(-2) +
                                   LittleEndian<int64_t>(3) + LittleEndian<int64_t>(4))},
                 {"y.npy", Npy("<f8", "(3,)", LittleEndian(1.5) + LittleEndian(2.5) + LittleEndian(3.5))},
                 {"notes.txt", "no array"}}));
  const json looked = files.Look("a.npz");
  ASSERT_EQ(looked["variables"].size(), 2u);
  EXPECT_EQ(looked["variables"][0],
            (json{{"name", "x"}, {"dtype", "int64"}, {"shape", {2, 2}}, {"bytes", 32}}));
  EXPECT_EQ(files.Read({{"path", "a.npz"}, {"form", "npz"}, {"name", "x"}})["columns"], 2);
  EXPECT_EQ(files.matrix.values, (std::vector<float>{1, -2, 3, 4}));
  EXPECT_EQ(files.Read({{"path", "a.npz"}, {"form", "npz"}, {"name", "y"}})["columns"], 1);
  EXPECT_EQ(files.matrix.values, (std::vector<float>{1.5, 2.5, 3.5}));
  EXPECT_EQ(files.Fault({{"path", "a.npz"}, {"form", "npz"}, {"name", "z"}}), "no_variable");
}

TEST(EmbeddingSession, RowsThatAreNotFinite) {
  Files files;
  files.Add("t.bytes", FloatBytes({1, 2, NAN, 4, 5, 6, 7, -INFINITY}));
  const json facts = files.Read({{"path", "t.bytes"}, {"form", "bytes"}, {"shape", {4, 2}}});
  EXPECT_EQ(files.matrix.values, (std::vector<float>{1, 2, 5, 6}));
  EXPECT_EQ(files.rows, (std::vector<uint32_t>{0, 2}));
  EXPECT_EQ(facts["fileRows"], 4);
  ASSERT_EQ(facts["faults"].size(), 1u);
  EXPECT_EQ(facts["faults"][0]["fault"], "not_finite");
  EXPECT_EQ(facts["faults"][0]["count"], 2);
  EXPECT_EQ(facts["faults"][0]["places"][1],
            (json{{"row", 3}, {"line", 0}, {"column", 2}, {"text", "-Infinity"}}));
  files.Add("m.tsv", "a\nb\nc\nd\n");
  EXPECT_EQ(files.Metadata("m.tsv", files.rows)["rows"], 2);
  files.session.Row(0, 1);
  EXPECT_EQ(files.session.text(), "[\"c\"]");
}

TEST(EmbeddingSession, FaultsOfTensors) {
  Files files;
  files.Add("t.bytes", FloatBytes({1, 2, 3}));
  EXPECT_EQ(files.Fault({{"path", "t.bytes"}, {"form", "bytes"}, {"shape", {2, 2}}}), "size");
  EXPECT_EQ(files.Fault({{"path", "t.bytes"}, {"form", "bytes"}}), "rank");
  EXPECT_EQ(files.Fault({{"path", "t.bytes"}, {"form", "bytes"}, {"shape", {4e9, 4e9}}}), "too_big");
  EXPECT_EQ(files.Fault({{"path", "nowhere"}, {"form", "table"}}), "missing");
  EXPECT_EQ(files.Fault({{"path", "t.bytes"}, {"form", "h5"}}), "no_embedding");
  files.Add("t.tsv", "no numbers\n");
  EXPECT_EQ(files.Fault({{"path", "t.tsv"}, {"form", "table"}}), "no_numbers");
  Bundle bundle;
  bundle.Add("ints", 9, {1, 2}, LittleEndian<int64_t>(5) + LittleEndian<int64_t>(6));
  bundle.Add("brain", 14, {1, 2}, std::string("\x80\x3F\0\x40", 4));
  bundle.Add("deep", 1, {1, 1, 1}, FloatBytes({1}));
  bundle.AddStrings("text", {1, 1}, {"a"});
  bundle.Add("wide", 1, {int64_t{1} << 40, 0}, "");
  const VariableSlice first = {{0, int64_t{1} << 26}, {}}, second = {{int64_t{1} << 26, 1}, {}};
  bundle.AddWhole("hostile", 1, {(int64_t{1} << 26) + 1, 1}, {second, first});
  bundle.AddPart("hostile", second, 1, {1, 1}, FloatBytes({1}), 0);
  bundle.entries[PartKey("hostile", first)] = "\x08\x01\x28" + Varint(4 << 26);
  files.Add("c.index", bundle.Index());
  const auto place = [](const char* name) {
    return json{{"path", "c.index"}, {"form", "checkpoint"}, {"name", name}};
  };
  EXPECT_EQ(files.Fault(place("ints")), "no_shard");
  files.Add("c.data-00000-of-00001", bundle.data);
  EXPECT_EQ(files.Fault(place("ints")), "");
  EXPECT_EQ(files.matrix.values, (std::vector<float>{5, 6}));
  EXPECT_EQ(files.Fault(place("brain")), "");
  EXPECT_EQ(files.matrix.values, (std::vector<float>{1, 2}));
  EXPECT_EQ(files.Fault(place("deep")), "rank");
  EXPECT_EQ(files.Fault(place("text")), "number_type");
  EXPECT_EQ(files.Fault(place("none")), "no_variable");
  EXPECT_EQ(files.Read(place("wide"))["rows"], 0);
  EXPECT_EQ(files.Fault(place("hostile")), "cut_off");
}

TEST(EmbeddingSession, WordsAreMetadata) {
  Files files;
  files.Add("w.txt", "2 2\nking 1 2\nqueen 3 4\n");
  const json facts = files.Read({{"path", "w.txt"}, {"form", "words"}});
  ASSERT_EQ(facts["metadata"]["rows"], 2);
  const size_t table = facts["metadata"]["table"];
  files.session.Texts(table, 0, 1, 100);
  EXPECT_EQ(files.session.texts(), "queen");
  EXPECT_EQ(files.session.numbers(), (std::vector<double>{0, 5}));
  files.session.Search(table, -1, Match::kHas, "KING");
  EXPECT_EQ(files.session.numbers(), std::vector<double>{0});
  files.session.Distinct(table, 0);
  EXPECT_EQ(json::parse(files.session.text())["values"].size(), 2u);
  files.session.CloseTable(table);
  files.session.Search(table, -1, Match::kHas, "king");
  EXPECT_TRUE(files.session.numbers().empty());
  files.session.Texts(999, 999, 999, 999);
  EXPECT_EQ(files.session.numbers(), std::vector<double>{0});
}

TEST(EmbeddingSession, TensorsOfALog) {
  // dtype float, shape [2, 1], tensor_content.
  const std::string head("\x08\x01\x12\x08\x12\x02\x08\x02\x12\x02\x08\x01", 12);
  const std::string tensor = head + "\x22\x08" + FloatBytes({1, 2});
  EmbeddingSession session;
  for (const size_t size : {tensor.size(), tensor.size() - 3}) {
    session.LookAtPayload(Storage::kTensor, false, AsBytes(tensor).first(size));
    EXPECT_EQ(json::parse(session.text()), (json{{"dtype", "float32"}, {"shape", {2, 1}}}));
  }
  session.LookAtPayload(Storage::kTensor, false, AsBytes("\x08\x07"));
  EXPECT_EQ(session.text(), "null");
  session.LookAtPayload(Storage::kImage, false, AsBytes(tensor));
  EXPECT_EQ(session.text(), "null");
  session.ReadPayload(Storage::kTensor, false, AsBytes(tensor));
  EXPECT_EQ(session.TakeMatrix().values, (std::vector<float>{1, 2}));
  session.ReadPayload(Storage::kTensor, false, AsBytes(tensor).first(5));
  EXPECT_TRUE(json::parse(session.text()).contains("problem"));
}

TEST(EmbeddingSession, FilesOfUnknownSize) {
  Files files;
  files.Add("t.tsv", "1\t2\n3\t4\n", EmbeddingSession::kUnknownSize);
  EXPECT_EQ(files.Look("t.tsv")["kind"], "table");
  EXPECT_EQ(files.Read({{"path", "t.tsv"}, {"form", "table"}})["rows"], 2);
  files.Add("none", std::string(100, '\0'), EmbeddingSession::kUnknownSize);
  EXPECT_EQ(files.Look("none")["kind"], "none");
}

}  // namespace
}  // namespace tensorpane
