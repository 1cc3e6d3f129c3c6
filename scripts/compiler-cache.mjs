// The tests compile the same sources in several directories. With ccache on the PATH each source is compiled once.
import { spawnSync } from 'node:child_process'

/**
 * Environment variables that make a build in the directory `root` share object files through ccache; none without ccache.
 *
 * @param {string} root
 */
export function compilerCache(root) {
  const { status, stdout } = spawnSync('ccache', ['--get-config', 'cache_dir'], { encoding: 'utf8' })
  if (status !== 0) return {}
  return {
    // Set here, since a build may run with another HOME.
    CCACHE_DIR: stdout.trim(),
    CMAKE_C_COMPILER_LAUNCHER: 'ccache',
    CMAKE_CXX_COMPILER_LAUNCHER: 'ccache',
    // ccache makes paths below it relative, so that builds in other directories share the same object files.
    CCACHE_BASEDIR: root,
    CCACHE_NOHASHDIR: '1',
  }
}
