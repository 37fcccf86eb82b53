#include "log/tensorboard_purge.h"

#include <algorithm>

namespace tensorpane {
namespace {

constexpr int kStart = 1;  // SessionLog.START

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// event_util.py, ParseFileVersion: what stands after the last "brain.Event:" as a number, else −1. Of what
/// Python's float() takes, only digits with a point: strtod and its long doubles are 5 kB of the page's wasm.
double ParseFileVersion(std::string_view text) {
  constexpr std::string_view kPrefix = "brain.Event:";
  if (const size_t at = text.rfind(kPrefix); at != std::string_view::npos)
    text.remove_prefix(at + kPrefix.size());
  double version = 0, unit = 1;
  bool any = false, behind_point = false;
  for (const char c : text) {
    if (c == '.' && !behind_point) {
      behind_point = true;
    } else if (IsDigit(c)) {
      any = true;
      if (behind_point) unit /= 10;
      version = behind_point ? version + unit * (c - '0') : version * 10 + (c - '0');
    } else {
      return -1;
    }
  }
  return any ? version : -1;
}

bool IsSummary(EventKind kind) {
  return kind == EventKind::kSummary || kind == EventKind::kGraphDef || kind == EventKind::kTaggedRunMetadata;
}

}  // namespace

void Cuts::Add(Cut cut) {
  while (!list_.empty() && list_.back().step >= cut.step) list_.pop_back();
  list_.push_back(cut);
}

std::optional<int64_t> Cuts::LowestAfter(uint32_t at) const {
  const auto cut =
      std::upper_bound(list_.begin(), list_.end(), at, [](uint32_t x, const Cut& c) { return x < c.at; });
  if (cut == list_.end()) return std::nullopt;
  return cut->step;
}

TensorBoardPurge::Scope TensorBoardPurge::Take(const Event& event, int session_status) {
  if (event.kind == EventKind::kFileVersion) file_version_ = ParseFileVersion(AsText(event.file_version));
  Scope scope = Scope::kNothing;
  if (file_version_ >= 2) {
    // The first START tells that the run begins, and each further one that it was restarted.
    if (session_status == kStart) {
      if (started_) {
        scope = Scope::kRun;
        run_cuts_.Add({++run_cut_count_, event.step});
      }
      started_ = true;
    }
  } else if (IsSummary(event.kind) && event.step < most_recent_step_) {
    scope = Scope::kTagsOfEvent;
  }
  if (IsSummary(event.kind)) most_recent_step_ = event.step;
  return scope;
}

}  // namespace tensorpane
