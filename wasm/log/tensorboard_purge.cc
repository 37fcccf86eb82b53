#include "log/tensorboard_purge.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace tensorpane {
namespace {

constexpr int kStart = 1;  // SessionLog.START

/// event_util.py, ParseFileVersion: what stands after the last "brain.Event:" as a number, else −1.
double ParseFileVersion(std::string_view text) {
  constexpr std::string_view kPrefix = "brain.Event:";
  if (const size_t at = text.rfind(kPrefix); at != std::string_view::npos)
    text.remove_prefix(at + kPrefix.size());
  const std::string number(text.substr(0, 64));
  char* end = nullptr;
  const double version = std::strtod(number.c_str(), &end);
  return end == number.c_str() || end != number.c_str() + number.size() ? -1 : version;
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
