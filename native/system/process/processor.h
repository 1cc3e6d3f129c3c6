// What the processor can do, where that is known only at run time.
#pragma once

namespace h5tracks::system {

// AVX2, BMI1 and BMI2: x86-64-v3 (Intel Haswell and newer, AMD Zen and newer). False on other architectures.
bool is_haswell();

}  // namespace h5tracks::system
