// A file that may be an embedding: what it is, and each tensor in it. Input: form, file.

#include <string>

#include "input.h"
#include "projector/embedding_session.h"

namespace tensorpane::fuzz {
namespace {

void Finish(EmbeddingSession* session, EmbeddingSession::Status status, Bytes file) {
  size_t requests = 0;
  while (status == EmbeddingSession::Status::kNeed) {
    const auto [number, offset, length] = session->request();
    FUZZ_CHECK(number == 0 && length > 0 && length <= EmbeddingSession::kPieceBytes);
    FUZZ_CHECK(++requests < 10'000);
    const auto at = static_cast<size_t>(std::min<uint64_t>(offset, file.size()));
    const std::string piece(
        AsText(file.subspan(at, static_cast<size_t>(std::min<uint64_t>(length, file.size() - at)))));
    status = session->Provide(AsBytes(piece));
  }
  FUZZ_CHECK(session->text().starts_with('{') && session->text().ends_with('}'));
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const uint8_t form = input.Byte();
  const Bytes file = input.Rest();
  EmbeddingSession session;
  session.AddFile("f.index", form & 128 ? EmbeddingSession::kUnknownSize : file.size());
  fuzz::Finish(&session, session.Look(0), file);
  for (const char* place :
       {R"({"path": "f.index", "form": "table"})", R"({"path": "f.index", "form": "npy"})",
        R"({"path": "f.index", "form": "npz", "name": "a"})",
        R"({"path": "f.index", "form": "bytes", "shape": [2, 3]})",
        R"({"path": "f.index", "form": "checkpoint", "name": "v"})"}) {
    fuzz::Finish(&session, session.ReadTensor(place), file);
    const Matrix matrix = session.TakeMatrix();
    FUZZ_CHECK(matrix.values.size() == matrix.rows * matrix.columns);
  }
  fuzz::Finish(&session, session.ReadMetadata(0, {1, 2}), file);
  session.LookAtPayload(Storage::kTensor, form & 1, file);
  session.ReadPayload(Storage::kTensor, form & 1, file);
  // A place is text from elsewhere, too.
  fuzz::Finish(&session, session.ReadTensor(AsText(file)), file);
  return 0;
}
