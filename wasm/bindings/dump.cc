// dump.wasm: reader.wasm, and what writes all of a log as JSON. No part of the page needs it: it is for tests
// in it, and for programs.

#include "dump/dump.h"

#include "bindings/bind_session.h"
#include "dump/describe_projector.h"

namespace tensorpane {
namespace {

/// Its TypeScript face is DumpSession of web/src/engine/reader_session.ts.
class DumpSession : public Session {
 public:
  using Session::Session;

  int beginProjector() {
    describer_ = std::make_unique<ProjectorDescriber>(std::move(beside_));
    beside_.clear();
    return ProjectorAnswer(describer_->Describe());
  }
  int provideProjector(uint32_t length) {
    return ProjectorAnswer(describer_->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  void addFileBeside(const std::string& path, double size) {
    beside_.push_back({path, static_cast<uint64_t>(size)});
  }

  int beginDump(int purge) {
    dumper_ = std::make_unique<Dumper>(&log_, static_cast<Purge>(purge),
                                       projector_.empty() ? "[]" : std::move(projector_),
                                       checkpoints_.empty() ? "[]" : std::move(checkpoints_));
    projector_.clear();
    checkpoints_.clear();
    return DumpAnswer(dumper_->Write());
  }
  int provideDump(uint32_t length) {
    return DumpAnswer(dumper_->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  uint32_t requestFile() const { return request_file_; }

 private:
  int DumpAnswer(Dumper::Status status) {
    if (status == Dumper::Status::kNeed) {
      const BlobRef& blob = dumper_->request();
      request_ = {blob.offset, blob.length()};
      request_file_ = static_cast<uint32_t>(blob.file);
      return static_cast<int>(FileReader::Status::kNeed);
    }
    text_ = dumper_->Take();
    dumper_.reset();
    return static_cast<int>(FileReader::Status::kMore);
  }

  int ProjectorAnswer(ProjectorDescriber::Status status) {
    if (status == ProjectorDescriber::Status::kNeed) {
      const FileRequest& request = describer_->request();
      request_ = {request.offset, request.length};
      request_file_ = static_cast<uint32_t>(request.file);
      return static_cast<int>(FileReader::Status::kNeed);
    }
    projector_ = describer_->Take();
    checkpoints_ = describer_->TakeCheckpoints();
    describer_.reset();
    return static_cast<int>(FileReader::Status::kMore);
  }

  std::unique_ptr<Dumper> dumper_;
  std::vector<FileBeside> beside_;  // for the next beginProjector()
  std::unique_ptr<ProjectorDescriber> describer_;
  std::string projector_;    // for the next beginDump()
  std::string checkpoints_;  // likewise
  uint32_t request_file_ = 0;
};

}  // namespace
}  // namespace tensorpane

EMSCRIPTEN_BINDINGS(dump) {
  using tensorpane::DumpSession;
  tensorpane::BindExchange();
  tensorpane::BindSession();
  emscripten::class_<DumpSession, emscripten::base<tensorpane::Session>>("DumpSession")
      .constructor<double>()
      .function("addFileBeside", &DumpSession::addFileBeside)
      .function("beginProjector", &DumpSession::beginProjector)
      .function("provideProjector", &DumpSession::provideProjector)
      .function("beginDump", &DumpSession::beginDump)
      .function("provideDump", &DumpSession::provideDump)
      .function("requestFile", &DumpSession::requestFile);
}
