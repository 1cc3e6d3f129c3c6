# Source packages of Debian's releases "trixie" and "sid", through apt with a separate configuration: it uses the machine's
# mirror, checks signatures with the machine's Debian keyring, changes nothing of the machine's apt, and needs no root.

# h5tracks_debian_source(package version file origin_out problem_out): the upstream tarball of a source package.
function(h5tracks_debian_source package version file origin_out problem_out)
  h5tracks_debian_index(problem)
  if(NOT problem)
    set(work ${CMAKE_BINARY_DIR}/debian)
    file(REMOVE_RECURSE ${work}/download)
    file(MAKE_DIRECTORY ${work}/download)
    h5tracks_debian_version(${package} ${version} debian_version problem)
  endif()
  if(NOT problem)
    # --tar-only: Debian's patches are for its own packaging, and only the upstream tarball is built here.
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env APT_CONFIG=${work}/apt.conf
        apt-get source --yes --download-only --tar-only --only-source ${package}=${debian_version}
      WORKING_DIRECTORY ${work}/download RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
    file(GLOB tarball ${work}/download/*.orig.tar.*)
    if(failed OR NOT tarball)
      string(STRIP "${output}" problem)
    else()
      file(RENAME ${tarball} ${file})
      get_filename_component(name ${tarball} NAME)
      set(${origin_out} "Debian, ${name}" PARENT_SCOPE)
    endif()
  endif()
  set(${problem_out} "${problem}" PARENT_SCOPE)
endfunction()

# Debian's version of the package for an upstream version, e.g. 1:1.3.dfsg+really1.3.1-1 for zlib 1.3.1.
function(h5tracks_debian_version package version debian_version_out problem_out)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env APT_CONFIG=${CMAKE_BINARY_DIR}/debian/apt.conf
      apt-cache showsrc --only-source ${package}
    OUTPUT_VARIABLE records ERROR_VARIABLE problem)
  string(REGEX MATCHALL "\nVersion: [^\n]+" found "${records}")
  list(TRANSFORM found REPLACE "\nVersion: " "")
  string(REPLACE "." "\\." pattern "${version}")
  set(fitting ${found})
  list(FILTER fitting INCLUDE REGEX "(^|[^0-9.])${pattern}([^0-9.]|$)")
  if(fitting)
    list(GET fitting 0 fitting)
    set(${debian_version_out} ${fitting} PARENT_SCOPE)
    set(${problem_out} "" PARENT_SCOPE)
  else()
    set(${problem_out} "trixie and sid have [${found}], not version ${version}" PARENT_SCOPE)
  endif()
endfunction()

# Fetches the source index of the two releases, once per run.
function(h5tracks_debian_index problem_out)
  get_property(done GLOBAL PROPERTY H5TRACKS_DEBIAN_INDEX)
  if(done)
    set(${problem_out} "" PARENT_SCOPE)
    return()
  endif()
  set(work ${CMAKE_BINARY_DIR}/debian)
  file(REMOVE_RECURSE ${work})
  file(MAKE_DIRECTORY ${work}/lists/partial ${work}/cache/archives/partial)
  h5tracks_debian_configuration(${work} problem)
  if(NOT problem)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env APT_CONFIG=${work}/apt.conf apt-get update --error-on=any
      RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(failed)
      string(STRIP "${output}" problem)
    else()
      set_property(GLOBAL PROPERTY H5TRACKS_DEBIAN_INDEX TRUE)
    endif()
  endif()
  set(${problem_out} "${problem}" PARENT_SCOPE)
endfunction()

function(h5tracks_debian_configuration work problem_out)
  find_program(APT_GET apt-get)
  find_file(DEBIAN_KEYRING NAMES debian-archive-keyring.gpg debian-archive-keyring.pgp
    PATHS /usr/share/keyrings NO_DEFAULT_PATH)
  if(NOT APT_GET OR NOT DEBIAN_KEYRING)
    set(${problem_out} "this machine has no apt with Debian's keyring" PARENT_SCOPE)
    return()
  endif()
  # apt lists the machine's sources, whatever the format of their configuration.
  execute_process(COMMAND ${APT_GET} indextargets --format "$(REPO_URI) $(RELEASE) $(COMPONENT)" "Created-By: Packages"
    OUTPUT_VARIABLE targets ERROR_QUIET)
  string(REGEX MATCHALL "[^ \n]+ [a-z]+ main" targets "${targets}")
  if(NOT targets)
    set(${problem_out} "apt names no Debian mirror" PARENT_SCOPE)
    return()
  endif()
  list(GET targets 0 target)
  string(REGEX REPLACE " .*" "" mirror "${target}")
  file(WRITE ${work}/sources.list "deb-src [signed-by=${DEBIAN_KEYRING}] ${mirror} trixie main
deb-src [signed-by=${DEBIAN_KEYRING}] ${mirror} sid main
")
  # Keeps the machine's settings for reaching its mirror (proxies, certificates), but not its hooks and other settings.
  execute_process(COMMAND apt-config dump OUTPUT_VARIABLE dump)
  string(REPLACE ";\n" "\n" dump "${dump}")
  string(REGEX MATCHALL "Acquire::[^\n]+" settings "${dump}")
  list(FILTER settings EXCLUDE REGEX "^Acquire::IndexTargets")
  string(REPLACE ";" ";\n" settings "${settings}")
  file(WRITE ${work}/apt.conf "${settings};
Dir::Etc::main \"/dev/null\";
Dir::Etc::parts \"/dev/null\";
Dir::Etc::sourcelist \"${work}/sources.list\";
Dir::Etc::sourceparts \"/dev/null\";
Dir::State::lists \"${work}/lists\";
Dir::Cache \"${work}/cache\";
")
  set(${problem_out} "" PARENT_SCOPE)
endfunction()

function(h5tracks_debian_forget)
  file(REMOVE_RECURSE ${CMAKE_BINARY_DIR}/debian)
endfunction()
