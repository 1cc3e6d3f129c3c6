# Patches for bugs of HDF5 that damaged files trigger. A file that crashed or hung the process showed each bug; with the patch
# HDF5 reports an error instead. Each patch is a file in mend/, which describes the bug, the test that shows it and the upstream
# report. Included with `source` set to the unpacked source tree.

# h5tracks_mend(file before after [file before after ...]): replaces lines that occur exactly once in their file. A patch applies
# completely or not at all. A source that the user names may differ: then the patch is skipped with a warning.
function(h5tracks_mend)
  get_filename_component(mend ${CMAKE_CURRENT_LIST_FILE} NAME_WE)
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 0 ${last} 3)
    math(EXPR j "${i} + 1")
    file(READ ${source}/${ARGV${i}} text)
    string(FIND "${text}" "${ARGV${j}}" first)
    string(FIND "${text}" "${ARGV${j}}" final REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL final)
      set(problem "hdf5: ${ARGV${i}} is not the text that the mend ${mend} is for")
      if(arg_NAMED)
        message(WARNING "${problem}; the mend is left out")
        return()
      endif()
      message(FATAL_ERROR "${problem}")
    endif()
  endforeach()
  foreach(i RANGE 0 ${last} 3)
    math(EXPR j "${i} + 1")
    math(EXPR k "${i} + 2")
    file(READ ${source}/${ARGV${i}} text)
    string(REPLACE "${ARGV${j}}" "${ARGV${k}}" text "${text}")
    file(WRITE ${source}/${ARGV${i}} "${text}")
  endforeach()
endfunction()

file(GLOB mends ${CMAKE_CURRENT_LIST_DIR}/mend/*.cmake)
foreach(mend IN LISTS mends)
  include(${mend})
endforeach()
