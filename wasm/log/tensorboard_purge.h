#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "events/event.h"

namespace tensorpane {

/// What came before `at` and has a step ≥ `step` is dropped.
struct Cut {
  uint32_t at;
  int64_t step;
};

/// Cuts of one sequence, without those that a later one makes needless: both `at` and `step` ascend.
class Cuts {
 public:
  /// `at` is not less than that of any cut before.
  void Add(Cut cut);
  /// The lowest step of the cuts made after `at`; nullopt = there are none.
  std::optional<int64_t> LowestAfter(uint32_t at) const;
  const std::vector<Cut>& list() const { return list_; }

 private:
  std::vector<Cut> list_;
};

/// When TensorBoard's Python reader drops points of a run while it reads its events (tensorboard/backend/
/// event_processing/plugin_event_accumulator.py, _MaybePurgeOrphanedData, after the migrations of
/// dataclass_compat.py, which make summaries of graphs and run metadata).
class TensorBoardPurge {
 public:
  enum class Scope : uint8_t { kNothing, kTagsOfEvent, kRun };

  /// Tells what is dropped before the points of `event` are added: those with a step ≥ that of the event.
  /// `session_status` is that of its SessionLog, 0 without one.
  Scope Take(const Event& event, int session_status);

  /// How many times something was dropped in the whole run so far; `cuts()` numbers them from 1.
  uint32_t run_cut_count() const { return run_cut_count_; }
  const Cuts& run_cuts() const { return run_cuts_; }

 private:
  double file_version_ = 0;  // none yet
  bool started_ = false;
  int64_t most_recent_step_ = -1;
  uint32_t run_cut_count_ = 0;
  Cuts run_cuts_;
};

}  // namespace tensorpane
