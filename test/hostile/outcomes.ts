import { expect } from 'vitest'
import { runNode } from '../support/process.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { places } from './checksums.js'

// A process of its own opens a damaged file; it must end with outcomes, not with a signal.

/** Opens `argv[2]` and reads object `argv[3]` in every way; prints the outcomes as JSON. */
const everything = `
import { File } from 'h5tracks/hdf5'
const [path, name] = process.argv.slice(2)
const outcomes = {}
const attempt = (what, act) => {
  try { outcomes[what] = act() ?? 'done' } catch (error) {
    if (typeof error.code !== 'string') throw error
    outcomes[what] = error.code
  }
}
let file
attempt('open', () => { file = new File(path) })
if (file) {
  attempt('kind', () => file.kindSync(name))
  attempt('copy', () => { file.copySync(name, 'copy', { into: File.inMemory() }) })
  let object
  attempt('get', () => { object = file.getSync(name) })
  if (object?.attributes) attempt('attributes', () => object.attributes.keysSync().length)
  if (object?.keysSync) {
    attempt('keys', () => object.keysSync().length)
    attempt('in order', () => object.keysSync({ order: 'creation' }).length)
    attempt('links', () => object.linksSync().length)
    attempt('link', () => { object.hasSync('x') })
    attempt('size', () => object.sizeSync())
  } else if (object?.readSync) {
    attempt('details', () => { object.detailsSync() })
    attempt('read', () => object.readSync().data.length)
    attempt('chunks', () => object.storedChunksSync().length)
    const last = object.shapeSync().map((length) => length - 1)
    attempt('last', () => { object.readSync(last) })
    attempt('chunk', () => { object.readChunkSync(last.map(() => 0)) })
  }
  attempt('close', () => file.closeSync())
}
console.log(JSON.stringify(outcomes))`

/** The code of an error about damage, not of a crashed process. */
export const refused = expect.stringMatching(/^ERR_(HDF5|DAMAGED|NOT_HDF5|FORMAT)$/)

export async function readInEveryWay(path: string, name: string): Promise<Record<string, unknown>> {
  const { code, signal, stdout, stderr } = await runNode(everything, [path, name])
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout) as Record<string, unknown>
}

export async function made(lines: string, mode: 'w' | 'latest' = 'w'): Promise<string> {
  const path = scratch()
  await h5py(
    path,
    'w',
    mode === 'latest' ? `f.close()\nf = h5py.File(sys.argv[1], 'w', libver='latest')\n${lines}\nf.close()` : lines,
  )
  return path
}

/** Version-1 B-tree nodes of groups (0) or chunks (1). */
export const nodes = (bytes: Buffer, type: 0 | 1) => places(bytes, Buffer.from([0x54, 0x52, 0x45, 0x45, type]))

/** Writes 7 to all of the 100 integers of dataset `x`, then changes the file; returns the outcomes of both. */
export async function writeAndChange(path: string): Promise<Record<string, unknown>> {
  const source = `
import { File } from 'h5tracks/hdf5'
const outcomes = {}
const attempt = (what, act) => {
  try { outcomes[what] = act() ?? 'done' } catch (error) {
    if (typeof error.code !== 'string') throw error
    outcomes[what] = error.code
  }
}
const file = new File(process.argv[2], 'r+')
let dataset
attempt('open', () => { dataset = file.datasetSync('x') })
attempt('write', () => dataset.writeSync(new Int32Array(100).fill(7)))
attempt('leave', () => dataset.close())
attempt('group', () => { file.createGroupSync('g') })
attempt('rename', () => file.moveSync('g', 'h'))
attempt('delete', () => file.deleteSync('h'))
attempt('close', () => file.closeSync())
attempt('again', () => {
  const { data } = new File(process.argv[2]).datasetSync('x').readSync()
  return data.every((value) => value === 7)
})
console.log(JSON.stringify(outcomes))`
  const { code, signal, stdout } = await runNode(source, [path])
  expect({ code, signal }).toEqual({ code: 0, signal: null })
  return JSON.parse(stdout) as Record<string, unknown>
}
