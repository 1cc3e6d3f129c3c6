# H5TRACKS_SANITIZE=address,undefined or thread: our code and the bundled libraries are built with it; for fuzzing, which
# is guided by our code alone, only our code: clang takes an hour for the conversions of an HDF5 that counts coverage.
add_library(sanitizers INTERFACE)
set(H5TRACKS_SANITIZE_FLAGS "")
if(H5TRACKS_SANITIZE)
  set(H5TRACKS_SANITIZE_FLAGS "-fsanitize=${H5TRACKS_SANITIZE} -fno-omit-frame-pointer -g")
  separate_arguments(flags UNIX_COMMAND "${H5TRACKS_SANITIZE_FLAGS}")
  # What sanitizers add makes gcc see values that are not there (std::optional).
  target_compile_options(sanitizers INTERFACE ${flags} -O1 -Wno-maybe-uninitialized -Wno-unknown-warning-option)
  target_link_options(sanitizers INTERFACE ${flags})
  if(H5TRACKS_FUZZ)
    set(H5TRACKS_SANITIZE_FLAGS "")
  endif()
endif()
