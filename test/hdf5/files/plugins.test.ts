/** Filter plugins are loaded only from a directory that the program names. A process cannot undo this, so child processes test it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { File, loadFilterPlugins } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { output, ROOT } from '../../support/process.js'
import { scratch } from '../../support/scratch.js'

// A filter that inverts every bit, with an id from HDF5's range for tests. It needs only the struct layout of HDF5's headers.
const source = `#include <H5PLextern.h>
static size_t turn(unsigned flags, size_t n, const unsigned *o, size_t size, size_t *room, void **data) {
  (void)flags, (void)n, (void)o, (void)room;
  for (size_t i = 0; i < size; ++i) ((unsigned char *)*data)[i] ^= 0xff;
  return size;
}
static const H5Z_class2_t filter = {H5Z_CLASS_T_VERS, 300, 1, 1, "turned", NULL, NULL, turn};
H5PL_type_t H5PLget_plugin_type(void) { return H5PL_TYPE_FILTER; }
const void *H5PLget_plugin_info(void) { return &filter; }
`

async function buildPlugin(): Promise<string> {
  const directory = scratch('plugins')
  mkdirSync(directory)
  writeFileSync(join(directory, 'turned.c'), source)
  const flags = ['-shared', '-fPIC', '-I/usr/include/hdf5/serial', '-o', join(directory, 'libturned.so')]
  await output('cc', [...flags, join(directory, 'turned.c')])
  return directory
}

const inChildProcess = (script: string, args: string[]) =>
  output(process.execPath, [
    '--input-type=module',
    '-e',
    `import { File, loadFilterPlugins } from '${join(ROOT, 'dist/hdf5/index.js')}'\n${script}`,
    ...args,
  ])

test('a filter plugin is loaded only from the named directory, and h5dump reads the dataset that it wrote', async () => {
  const [directory, path] = [await buildPlugin(), scratch()]
  const made = await inChildProcess(
    `const [directory, path] = process.argv.slice(1)
const spec = { type: 'uint8', shape: [4], filters: [{ id: 300 }] }
const before = new File(path, 'w')
try { before.createDatasetSync('d', spec) } catch (error) { console.log(error.code) }
loadFilterPlugins(directory)
before.createDatasetSync('d', spec, [1, 2, 3, 4])
console.log(before.datasetSync('d').readChunkSync([0]).data.join(), before.datasetSync('d').readSync().data.join())
before.closeSync()`,
    [directory, path],
  )
  expect(made.trim().split('\n')).toEqual(['ERR_UNSUPPORTED_FILTER', '254,253,252,251 1,2,3,4'])
  const dumped = await output('h5dump', ['-d', '/d', path], { env: { HDF5_PLUGIN_PATH: directory } })
  expect(dumped).toContain('(0): 1, 2, 3, 4')
  // This process named no directory: not even HDF5's default directories are searched.
  using file = new File(path)
  expect((await failure(() => file.datasetSync('d').read())).code).toBe('ERR_UNSUPPORTED_FILTER')
})

test('loadFilterPlugins refuses a path that is not a directory', async () => {
  expect((await failure(() => loadFilterPlugins(join(ROOT, 'package.json')))).code).toBe('ENOTDIR')
})
