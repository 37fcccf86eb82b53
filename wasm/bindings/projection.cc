// projection.wasm: pictures of embeddings. It knows no files: whoever asks hands over points. Its TypeScript
// face, which describes every method, is web/src/engine/projections/projection_session.ts; the two must say
// the same.

#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bind_exchange.h"
#include "projection/procrustes.h"
#include "projection/projection_session.h"

namespace tensorpane {
namespace {

class Projections : public Exchange {
 public:
  uint32_t open(uint32_t dimensions, uint32_t rows) {
    sessions_.push_back(std::make_unique<ProjectionSession>(dimensions));
    sessions_.back()->Reserve(rows);
    return static_cast<uint32_t>(sessions_.size() - 1);
  }
  void append(uint32_t set, uint32_t length) { Set(set).Append(As<float>(0, length / sizeof(float))); }
  void facts(uint32_t set) { text_ = Set(set).Facts(); }
  void close(uint32_t set) {
    if (set < sessions_.size()) sessions_[set].reset();
  }
  void prepare(uint32_t set, int preparation) { Set(set).Prepare(static_cast<Preparation>(preparation)); }

  bool start(uint32_t set, uint32_t length) { return Set(set).Start(AsText(Input(length))); }
  bool step(uint32_t set, double milliseconds) { return Set(set).Step(milliseconds); }
  void more(uint32_t set, uint32_t steps) { Set(set).More(steps); }
  void perturb(uint32_t set) { Set(set).Perturb(); }
  void progress(uint32_t set) { text_ = Set(set).Progress(); }
  void positions(uint32_t set) { SetData(Set(set).Positions()); }

  void neighbours(uint32_t set, uint32_t row, uint32_t k, int metric) {
    std::vector<uint32_t> rows;
    Set(set).Neighbours(row, k, static_cast<Metric>(metric), &rows, &floats_);
    numbers_.assign(rows.begin(), rows.end());
    SetData(floats_);
  }
  void distances(uint32_t set, uint32_t rows, int metric) {
    floats_ = Set(set).Distances(As<uint32_t>(0, rows), static_cast<Metric>(metric));
    SetData(floats_);
  }
  void kept(uint32_t set, uint32_t k, int metric, uint32_t rows, uint32_t columns) {
    text_ = Set(set).Kept(k, static_cast<Metric>(metric), As<uint32_t>(0, rows), As<uint32_t>(rows, columns));
  }
  void align(uint32_t columns, uint32_t values) {
    floats_ = Aligned(As<float>(0, values), As<float>(values, values), columns);
    SetData(floats_);
  }

 private:
  /// One of points that are not open ends the module.
  ProjectionSession& Set(uint32_t set) {
    if (set >= sessions_.size() || !sessions_[set]) std::abort();
    return *sessions_[set];
  }
  /// Numbers of 32 bits of the input.
  template <class T>
  std::span<const T> As(size_t from, size_t count) const {
    return {reinterpret_cast<const T*>(input_.data()) + from, count};
  }
  void SetData(std::span<const float> values) {
    data_ = {reinterpret_cast<const uint8_t*>(values.data()), values.size_bytes()};
  }

  std::vector<std::unique_ptr<ProjectionSession>> sessions_;  // null once closed
  std::vector<float> floats_;                                 // the last answer that is
};

}  // namespace
}  // namespace tensorpane

EMSCRIPTEN_BINDINGS(projections) {
  using tensorpane::Projections;
  tensorpane::BindExchange();
  emscripten::class_<Projections, emscripten::base<tensorpane::Exchange>>("Projections")
      .constructor<>()
      .function("open", &Projections::open)
      .function("append", &Projections::append)
      .function("facts", &Projections::facts)
      .function("close", &Projections::close)
      .function("prepare", &Projections::prepare)
      .function("start", &Projections::start)
      .function("step", &Projections::step)
      .function("more", &Projections::more)
      .function("perturb", &Projections::perturb)
      .function("progress", &Projections::progress)
      .function("positions", &Projections::positions)
      .function("neighbours", &Projections::neighbours)
      .function("distances", &Projections::distances)
      .function("kept", &Projections::kept)
      .function("align", &Projections::align);
}
