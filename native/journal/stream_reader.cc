#include "journal/stream_reader.h"

#include <algorithm>
#include <cstring>

#include "journal/fence.h"

namespace h5tracks::journal {

std::uint64_t StreamReader::committed_rows() const {
  return __atomic_load_n(reinterpret_cast<const std::uint64_t*>(journal_ + committed_at_), __ATOMIC_ACQUIRE);
}

const unsigned char* StreamReader::slot(std::size_t index) const {
  return journal_ + head_.slots_offset + index * head_.slot_bytes;
}

std::optional<StreamReader::Slot> StreamReader::slot_now(std::size_t index) const {
  const auto* head = reinterpret_cast<const SlotHead*>(slot(index));
  const std::uint64_t generation = __atomic_load_n(&head->generation, __ATOMIC_ACQUIRE);
  const std::int32_t rows = __atomic_load_n(&head->counted_rows, __ATOMIC_ACQUIRE);
  const Slot found{index, __atomic_load_n(&head->base, __ATOMIC_ACQUIRE), generation, static_cast<std::uint32_t>(rows)};
  if (rows <= 0 || static_cast<std::uint64_t>(rows) > head_.rows || !is_unchanged(found)) return std::nullopt;
  return found;
}

bool StreamReader::is_unchanged(const Slot& seen) const {
  acquire_fence();
  const auto* head = reinterpret_cast<const SlotHead*>(slot(seen.index));
  return __atomic_load_n(&head->generation, __ATOMIC_RELAXED) == seen.generation;
}

std::uint64_t StreamReader::tally() const {
  // JavaScript counts exactly only up to here. No checksum guards the number, so a larger one is damage.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < head_.slots; ++i) {
    const auto* head = reinterpret_cast<const SlotHead*>(slot(i));
    most = std::max(most, __atomic_load_n(&head->tally, __ATOMIC_ACQUIRE));
  }
  return most > kMost ? 0 : most;
}

std::vector<StreamReader::Slot> StreamReader::open_blocks(std::uint64_t committed) const {
  std::vector<Slot> found;
  for (std::size_t i = 0; i < head_.slots; ++i) {
    const auto slot = slot_now(i);
    if (slot && slot->base >= committed) found.push_back(*slot);
  }
  std::sort(found.begin(), found.end(), [](const Slot& a, const Slot& b) { return a.base < b.base; });
  std::uint64_t next = committed;
  const auto broken = std::find_if(found.begin(), found.end(), [&](const Slot& slot) {
    if (slot.base != next) return true;
    // Another block can follow only a full one.
    next = slot.rows == head_.rows ? next + slot.rows : UINT64_MAX;
    return false;
  });
  found.erase(broken, found.end());
  return found;
}

std::optional<StreamReader::Slot> StreamReader::durable_rows(std::uint64_t committed) const {
  std::optional<Slot> best;
  std::uint64_t sequence = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    DurableRows durable;
    std::memcpy(&durable, journal_ + durable_at_ + i * sizeof durable, sizeof durable);
    if (durable.crc != self_crc(durable) || durable.base != committed || durable.sequence <= sequence) continue;
    if (durable.slot >= head_.slots || durable.rows == 0 || durable.rows > head_.rows) continue;
    if (values_crc(slot(durable.slot), columns_, durable.rows) != durable.values_crc) continue;
    best = Slot{durable.slot, durable.base, 0, durable.rows};
    sequence = durable.sequence;
  }
  return best;
}

}  // namespace h5tracks::journal
