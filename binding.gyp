# The door for node-gyp, prebuildify and node-gyp-build. The build itself is described in CMakeLists.txt.
{
  'targets': [{
    'target_name': 'h5tracks',
    'type': 'none',
    'actions': [{
      'action_name': 'cmake',
      'inputs': [],
      'outputs': ['<(PRODUCT_DIR)/h5tracks.node'],
      # Not build/ itself, where node-gyp keeps its own Makefile, but a directory of the same depth: object files of both can be
      # shared through a compiler cache.
      'action': [
        'node', 'scripts/build-native.mjs', '--out', 'build-gyp',
        '-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=<(module_root_dir)/build/Release',
      ],
    }],
  }],
}
