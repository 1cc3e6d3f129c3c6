// Damaged files of other programs: their sources, and what is done with each: it is read, its objects are copied into a new
// file, and a copy of it is changed.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { File } from '../../../dist/hdf5/objects/file.js'
import { python } from '../../support/interpreter.js'
import { correctChecksums, regionsOf } from '../checksums.js'
import { mutate } from '../mutate.js'
import { inThisProcess } from '../openers.js'
import { ROOT } from '../root.js'
import { attempts, tour } from '../tour.js'

const MOST_BYTES = 150_000
const MOST_CHANGED = 25

/** Files of h5py with every layout, and the files of thirty projects where they are present. */
export function sources() {
  const directory = mkdtempSync(join(tmpdir(), 'h5tracks-sources-'))
  execFileSync(python(), [join(ROOT, 'test/python/make_sources.py'), directory])
  const found = [directory, join(ROOT, '../shared/data/hdf5-interop')].filter(existsSync).flatMap(filesIn)
  const sources = found.map((path) => ({ '': readFileSync(path) })).filter(({ '': bytes }) => bytes.length < MOST_BYTES)
  rmSync(directory, { recursive: true })
  return sources
}

/** @param {string} directory */
function filesIn(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort()
}

/** @type {WeakMap<Buffer, import('../checksums.js').Region[]>} */
const known = new WeakMap()

/**
 * Three in four mutants get correct checksums, as an attacker would give them.
 * @param {{ '': Buffer }} source @param {number} seed
 */
export function damage({ '': whole }, seed) {
  const regions = known.get(whole) ?? regionsOf(whole)
  known.set(whole, regions)
  const damaged = mutate(whole, seed, regions)
  if (seed % 4 !== 0) correctChecksums(damaged, regions)
  return { '': damaged }
}

/** @param {string} path @returns {Promise<string[]>} the codes of the errors that occurred */
export async function inProcess(path) {
  const { attempt, codes } = attempts()
  for (const code of await tour(path, inThisProcess)) codes.add(code)
  await attempt(() => copied(path, attempt))
  const changing = join(dirname(path), `changing-${process.pid}.h5`)
  copyFileSync(path, changing)
  try {
    await attempt(async () => (await File.open(changing, 'r+')).close())
    await attempt(() => changed(changing, attempt))
    await attempt(async () => (await File.open(changing, 'r+')).close())
  } finally {
    rmSync(changing)
  }
  return [...codes].sort()
}

/** @typedef {import('../tour.js').Attempt} Attempt */

/**
 * @template {{ close(): unknown }} T
 * @param {T} opened @param {(opened: T) => Promise<void>} use
 */
async function closing(opened, use) {
  try {
    await use(opened)
  } finally {
    await opened.close()
  }
}

/** @param {string} path @param {Attempt} attempt */
async function copied(path, attempt) {
  await closing(await File.open(path), (from) =>
    closing(File.inMemory(), async (into) => {
      for (const name of (await from.keys()).slice(0, MOST_CHANGED)) {
        await attempt(() => from.copy(name, name, { into }))
      }
      await attempt(() => into.toBuffer())
    }),
  )
}

/** @param {string} path @param {Attempt} attempt */
async function changed(path, attempt) {
  await closing(await File.open(path, 'r+'), async (file) => {
    await attempt(() => file.attributes.set('new attribute', [1, 2, 3]))
    await attempt(() => file.createGroup('new group'))
    await attempt(() => file.createDataset('new dataset', { type: 'float64', shape: [500, 3] }))
    await attempt(() => file.createLink('new link', { path: '/nowhere' }))
    for (const name of (await file.keys()).slice(0, MOST_CHANGED)) await attempt(() => object(file, name, attempt))
    await attempt(() => file.flush())
    for (const name of (await file.keys()).slice(0, 4)) await attempt(() => file.delete(name))
  })
}

/** @param {File} file @param {string} name @param {Attempt} attempt */
async function object(file, name, attempt) {
  const kind = await file.kind(name)
  if (kind === null || kind === 'external link') return
  await closing(await file.get(name), async ({ attributes }) => {
    await attempt(() => attributes.set('new attribute', 'of some length'))
    for (const attribute of (await attributes.keys()).slice(0, 2)) await attempt(() => attributes.delete(attribute))
  })
  if (kind === 'dataset') await closing(await file.dataset(name), (dataset) => values(dataset, attempt))
  if (kind !== 'group') return
  await closing(await file.group(name), async (group) => {
    for (const child of (await group.keys()).slice(0, 2)) await attempt(() => group.delete(child))
    await attempt(() => group.createLink('new link', { path: '/nowhere' }))
  })
}

/** @param {import('../../../dist/hdf5/index.js').Dataset} dataset @param {Attempt} attempt */
async function values(dataset, attempt) {
  const { shape, maxShape } = await dataset.details()
  if (!shape?.length) return
  const first = shape.map((length) => ({ start: 0, stop: Math.min(length, 2) }))
  await attempt(async () => {
    const { data } = await dataset.read(first)
    await dataset.write(/** @type {import('../../../dist/hdf5/index.js').WritableData} */ (data), first)
  })
  const longer = shape.map((length, axis) => (axis === 0 ? length + 1 : length))
  if (maxShape?.[0] === null) await attempt(() => dataset.resize(longer))
}
