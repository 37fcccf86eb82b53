#pragma once

#include <cstdint>
#include <vector>

namespace tensorpane {

/// How all points of a t-SNE push one, by the tree of Barnes and Hut (van der Maaten 2014): of points that
/// are far away as seen from where it is, the centre counts for all. Points that lie together, a group, share
/// one list of what is near and far, which is then summed four at a time.
class Repulsion {
 public:
  /// @param dimensions 2 or 3
  /// @param theta a cell counts as one if its width is at most so much of its distance from the group
  Repulsion(uint32_t dimensions, float theta) : dimensions_(dimensions), theta_(theta) {}

  /// Sorts points into cells.
  /// @param positions count × stride, row-major, finite
  void Build(const float* positions, uint32_t count, uint32_t stride);

  uint32_t groups() const { return static_cast<uint32_t>(groups_.size()); }

  /// Of the points of some groups: Σ q² (y − y') to `forces`, as `positions`, where q = 1 / (1 + |y − y'|²).
  /// @return Σ q of these points with all others
  double Repel(uint32_t begin, uint32_t end, float* forces, uint32_t stride);

 private:
  /// Nodes are in the order of a walk in which a cell comes before what is in it.
  struct Node {
    float centre[3];
    float mass;     // points
    float width2;   // squared
    uint32_t skip;  // what comes after all that is in it
    uint32_t begin, end;
    bool leaf;  // its points count one by one
  };
  struct Group {
    uint32_t begin, end;
  };

  template <int kDimensions>
  double RepelGroup(const Group& group, float* forces, uint32_t stride);
  void Sort(const float* positions, uint32_t count, uint32_t stride);
  void MakeNodes(float width);

  uint32_t dimensions_;
  float theta_;
  std::vector<uint64_t> keys_, spare_;  // where a point is along a Z-order curve, and its row
  std::vector<float> sorted_[3];
  std::vector<Node> nodes_;
  std::vector<Group> groups_;
  std::vector<float> list_[4];  // centres and masses
};

}  // namespace tensorpane
