# H5TRACKS_SANITIZE=address,undefined or thread instruments our code and the bundled libraries. For fuzzing only our code is
# instrumented: clang needs an hour to compile HDF5's type conversions with coverage.
add_library(sanitizers INTERFACE)
set(H5TRACKS_SANITIZE_FLAGS "")
if(H5TRACKS_SANITIZE)
  set(H5TRACKS_SANITIZE_FLAGS "-fsanitize=${H5TRACKS_SANITIZE} -fno-omit-frame-pointer -g")
  separate_arguments(flags UNIX_COMMAND "${H5TRACKS_SANITIZE_FLAGS}")
  # Instrumented code makes gcc report uninitialized values that are not (std::optional).
  target_compile_options(sanitizers INTERFACE ${flags} -O1 -Wno-maybe-uninitialized -Wno-unknown-warning-option)
  target_link_options(sanitizers INTERFACE ${flags})
  if(H5TRACKS_FUZZ)
    set(H5TRACKS_SANITIZE_FLAGS "")
  endif()
endif()
