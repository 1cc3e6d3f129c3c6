#include "system/process/processor.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif

namespace h5tracks::system {

#ifdef __x86_64__

namespace {

// Whether the system saves the registers of AVX: the bits of SSE and AVX in the register XCR0.
bool saves_avx() {
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE) || !(ecx & bit_AVX)) return false;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & 6) == 6;
}

}  // namespace

// By the instruction itself, because __builtin_cpu_supports needs a library of GCC's that not every linker has.
bool is_haswell() {
  unsigned eax, ebx, ecx, edx;
  if (!saves_avx() || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
  return (ebx & bit_AVX2) && (ebx & bit_BMI) && (ebx & bit_BMI2);
}

#else

bool is_haswell() { return false; }

#endif

}  // namespace h5tracks::system
