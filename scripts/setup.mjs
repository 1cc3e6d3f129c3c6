// Prepares a checkout: `setup.mjs demo` to build and run, `setup.mjs test` to run the tests as well. With apt and as root it
// installs missing packages and lists them; elsewhere it prints which to install. Then it installs the npm packages, unless
// they agree with package-lock.json already; that includes the native build (scripts/install.mjs).
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compilerCache } from './compiler-cache.mjs'
import { installPackages, isInstalled } from './debian.mjs'

const TO_BUILD = ['ca-certificates', 'cmake', 'g++', 'make', 'python3']
// libhdf5-dev and pkg-config: the build against the system's HDF5; python3-h5py, hdf5-tools,
// python3-xarray, python3-h5netcdf, python3-zarr, python3-fsspec, python3-dask, python3-pandas and
// python3-tables: the oracles of the tests;
// octave, r-bioc-rhdf5: the programs of docs/read-anywhere.md; chromium: the page of h5tracks view; postgresql: the queue of examples/batch/pg-boss.mjs;
// not installed here, but used where they are: python3-opencv (large), and pycocotools, pyarrow and duckdb for Python;
// libaec-dev: szip in the bundled build; binutils: strip, objdump; debootstrap: a system without compilers.
const TO_TEST = [
  ...[
    'libhdf5-dev',
    'pkg-config',
    'python3-h5py',
    'python3-xarray',
    'python3-h5netcdf',
    'python3-netcdf4',
    'hdf5-tools',
    'libaec-dev',
  ],
  ...['python3-zarr', 'python3-fsspec', 'python3-dask', 'python3-pandas', 'python3-tables'],
  ...[
    'ccache',
    'clang-format',
    'binutils',
    'debootstrap',
    'debian-archive-keyring',
    'util-linux',
    'postgresql',
    'chromium',
    'octave',
    'r-bioc-rhdf5',
  ],
]

const testing = process.argv[2] === 'test'
const wanted = testing ? [...TO_BUILD, ...TO_TEST] : TO_BUILD
process.chdir(fileURLToPath(new URL('..', import.meta.url)))

function run(command, args, env = {}) {
  const stdio = ['ignore', 'inherit', 'inherit']
  const { status, error } = spawnSync(command, args, { stdio, env: { ...process.env, ...env } })
  if (status === 0) return
  console.error(`setup: ${command} ${args.join(' ')} failed (${error?.message ?? `exit code ${status}`})`)
  process.exit(1)
}

if (!existsSync('/usr/bin/apt-get')) {
  console.log(`setup: no apt here; what these Debian packages hold is expected: ${wanted.join(' ')}`)
} else {
  const missing = wanted.filter((name) => !isInstalled(name))
  if (missing.length > 0 && process.getuid() !== 0) {
    console.error(`setup: not root. Install these and try again:\n  apt-get install ${missing.join(' ')}`)
    process.exit(1)
  }
  console.log(`setup: ${missing.length > 0 ? `installing ${missing.join(' ')}` : 'no Debian package is missing'}`)
  if (missing.length > 0) installPackages(run, missing)
}

const stamp = 'node_modules/.package-lock.json'
if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync('package-lock.json').mtimeMs) {
  run('npm', ['run', 'build:lib'])
  run('npm', ['run', 'build:command'])
  run('npm', ['run', 'build:native'], compilerCache(process.cwd()))
} else {
  // The tests need a build with warnings as errors; setting it here avoids a second compilation of the addon.
  run('npm', ['ci'], testing ? { H5TRACKS_WERROR: 'ON', ...compilerCache(process.cwd()) } : {})
}
