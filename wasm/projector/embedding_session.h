#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "events/event.h"
#include "projector/matrix.h"
#include "projector/metadata.h"
#include "projector/tensor_source.h"

namespace tensorpane {

/// Reads what embeddings are made of, from files that somebody else has: says what a file is, reads one
/// tensor into float32, and keeps tables of metadata to look things up in. Its answers are described in
/// web/src/engine/embeddings/embeddings.ts, whose names are those here. One task at a time:
///
///     for (auto status = session.Look(file); status == Status::kNeed; status = session.Provide(bytes))
///       bytes = Read(session.request());
///
/// A task that is begun ends the one before it. Files are read in pieces and once, from front to back, but
/// for directories (of zip files, of checkpoints), which are looked up. Memory is for what files of this
/// length can hold.
class EmbeddingSession {
 public:
  enum class Status : uint8_t {
    kNeed,  ///< Provide the bytes of request().
    kDone,  ///< The answer of the task is there.
  };
  /// Bytes of a file, at most kPieceBytes.
  struct Request {
    size_t file;
    uint64_t offset;
    uint64_t length;
  };
  static constexpr uint64_t kPieceBytes = 1 << 20;
  /// The size of a file that nobody knows: it is read until fewer bytes come than were asked for.
  static constexpr uint64_t kUnknownSize = FileTable::kUnknownSize;

  EmbeddingSession();
  ~EmbeddingSession();
  EmbeddingSession(const EmbeddingSession&) = delete;
  EmbeddingSession& operator=(const EmbeddingSession&) = delete;

  /// Tells of a file that may be read; gives its number. A path that is there already becomes this file: what
  /// was said of it is forgotten.
  /// @param path names it; '/' between names. Paths in configs and checkpoints are looked for among these.
  size_t AddFile(std::string path, uint64_t size);

  /// What a file is, by its bytes: text() is JSON of `Looked`.
  Status Look(size_t file);
  /// Reads a tensor of a file: text() is JSON of `TensorFacts`, matrix() and rows() are set.
  /// @param place `FileTensor` as JSON
  Status ReadTensor(std::string_view place);
  /// Shape and type of a tensor in a payload of a log, by its first bytes: text() is JSON of {dtype, shape};
  /// `null` = it is no tensor of numbers.
  void LookAtPayload(Storage storage, bool split, Bytes start);
  /// Bytes of a payload that tell it; of one in parts all are needed.
  static constexpr uint64_t kPayloadStartBytes = 4 << 10;
  /// As ReadTensor, of a payload as the values worker gets it (wasm/values/point_value.h).
  void ReadPayload(Storage storage, bool split, Bytes payload);
  /// Reads a file of metadata: text() is JSON of `MetadataFacts`. The table stays until CloseTable.
  /// @param rows of the tensor, if it lacks some of its file: see TakeRows; empty = all
  Status ReadMetadata(size_t file, std::vector<uint32_t> rows = {});

  const Request& request() const { return request_; }
  /// The bytes of request(); fewer = the file ends there.
  Status Provide(Bytes bytes);

  /// JSON: what the last task or question is answered with.
  std::string& text() { return text_; }
  /// The tensor that was read; without values if it could not be.
  Matrix TakeMatrix() { return std::move(matrix_); }
  /// Which row of the file each row of the matrix is, ascending; empty = all are there.
  std::vector<uint32_t> TakeRows() { return std::move(rows_); }

  // Questions about the table of a number that `MetadataFacts` or `TensorFacts` has. Rows are those of
  // points.

  /// The cells of rows [from, from + count) of a column: bytes in texts(), which are UTF-8, and where each
  /// begins and the last ends in numbers().
  void Texts(size_t table, size_t column, uint64_t from, uint64_t count);
  /// All cells of a row: JSON array of strings.
  void Row(size_t table, uint64_t row);
  /// A column as numbers: one a row, NaN where there is none.
  void Numbers(size_t table, size_t column);
  /// The distinct values of a column, most frequent first: JSON of `Categories`, whose indices are in
  /// numbers(), one a row.
  void Distinct(size_t table, size_t column);
  /// The rows that Metadata::Search finds, in numbers().
  void Search(size_t table, int column, Match match, std::string_view text);
  void CloseTable(size_t table);

  const std::string& texts() const { return texts_; }
  const std::vector<double>& numbers() const { return numbers_; }

 private:
  struct State;

  void Begin();
  Status GoOn();
  Status Need();
  void EndTensor(tensorpane::ReadTensor tensor);
  void EndMetadata();

  std::unique_ptr<State> state_;
  Request request_{};
  std::string text_;
  std::string texts_;
  std::vector<double> numbers_;
  Matrix matrix_;
  std::vector<uint32_t> rows_;
};

}  // namespace tensorpane
