// embeddings.wasm: files of embeddings and what is known of their points. Its TypeScript face, which
// describes every method, is web/src/engine/embeddings/embeddings_session.ts; the two must say the same.

#include <cstring>
#include <string>
#include <vector>

#include "bindings/bind_exchange.h"
#include "projector/embedding_session.h"

namespace tensorpane {
namespace {

class Embeddings : public Exchange {
 public:
  uint32_t addFile(const std::string& path, double size) {
    return static_cast<uint32_t>(session_.AddFile(path, static_cast<uint64_t>(size)));
  }
  bool look(uint32_t file) { return Answer(session_.Look(file)); }
  bool readTensor(uint32_t length) { return Answer(session_.ReadTensor(std::string(AsText(Input(length))))); }
  bool readMetadata(uint32_t file, uint32_t length) {
    std::vector<uint32_t> rows(length / sizeof(uint32_t));
    if (!rows.empty()) std::memcpy(rows.data(), input_.data(), rows.size() * sizeof(uint32_t));
    return Answer(session_.ReadMetadata(file, std::move(rows)));
  }
  bool provide(uint32_t length) { return Answer(session_.Provide(Input(length))); }
  uint32_t requestFile() const { return static_cast<uint32_t>(session_.request().file); }
  double requestOffset() const { return static_cast<double>(session_.request().offset); }
  double requestLength() const { return static_cast<double>(session_.request().length); }

  void lookAtPayload(int storage, bool split, uint32_t length) {
    session_.LookAtPayload(static_cast<Storage>(storage), split, Input(length));
    text_ = session_.text();
  }
  void readPayload(int storage, bool split, uint32_t length) {
    session_.ReadPayload(static_cast<Storage>(storage), split, Input(length));
    TakeTensor();
  }
  /// What the last tensor is; `rows` after `values`, which go.
  void values() {
    data_ = {reinterpret_cast<const uint8_t*>(matrix_.values.data()), 4 * matrix_.values.size()};
  }
  void rows() {
    matrix_ = {};
    data_ = {reinterpret_cast<const uint8_t*>(rows_.data()), 4 * rows_.size()};
  }
  void releaseTensor() {
    data_ = {};
    matrix_ = {};
    rows_ = {};
  }

  void texts(uint32_t table, uint32_t column, double from, double count) {
    session_.Texts(table, column, static_cast<uint64_t>(from), static_cast<uint64_t>(count));
    data_ = AsBytes(session_.texts());
    numbers_ = session_.numbers();
  }
  void row(uint32_t table, double row) {
    session_.Row(table, static_cast<uint64_t>(row));
    text_ = session_.text();
  }
  void numbers(uint32_t table, uint32_t column) {
    session_.Numbers(table, column);
    numbers_ = session_.numbers();
  }
  void distinct(uint32_t table, uint32_t column) {
    session_.Distinct(table, column);
    text_ = session_.text();
    numbers_ = session_.numbers();
  }
  void search(uint32_t table, int column, int match, uint32_t length) {
    session_.Search(table, column, static_cast<Match>(match), AsText(Input(length)));
    numbers_ = session_.numbers();
  }
  void closeTable(uint32_t table) { session_.CloseTable(table); }

 private:
  bool Answer(EmbeddingSession::Status status) {
    if (status == EmbeddingSession::Status::kNeed) return true;
    TakeTensor();
    return false;
  }
  void TakeTensor() {
    text_ = session_.text();
    matrix_ = session_.TakeMatrix();
    rows_ = session_.TakeRows();
  }

  EmbeddingSession session_;
  Matrix matrix_;
  std::vector<uint32_t> rows_;
};

}  // namespace
}  // namespace tensorpane

EMSCRIPTEN_BINDINGS(embeddings) {
  using tensorpane::Embeddings;
  tensorpane::BindExchange();
  emscripten::class_<Embeddings, emscripten::base<tensorpane::Exchange>>("Embeddings")
      .constructor<>()
      .function("addFile", &Embeddings::addFile)
      .function("look", &Embeddings::look)
      .function("readTensor", &Embeddings::readTensor)
      .function("readMetadata", &Embeddings::readMetadata)
      .function("provide", &Embeddings::provide)
      .function("requestFile", &Embeddings::requestFile)
      .function("requestOffset", &Embeddings::requestOffset)
      .function("requestLength", &Embeddings::requestLength)
      .function("lookAtPayload", &Embeddings::lookAtPayload)
      .function("readPayload", &Embeddings::readPayload)
      .function("values", &Embeddings::values)
      .function("rows", &Embeddings::rows)
      .function("releaseTensor", &Embeddings::releaseTensor)
      .function("texts", &Embeddings::texts)
      .function("row", &Embeddings::row)
      .function("numbers", &Embeddings::numbers)
      .function("distinct", &Embeddings::distinct)
      .function("search", &Embeddings::search)
      .function("closeTable", &Embeddings::closeTable);
}
