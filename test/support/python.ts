import { readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { python } from './interpreter.js'
import { expectNoErrorStack, type Finished } from './process.js'

interface Program {
  program: string | null
  source: string | null
  args: readonly string[]
  input?: string
}

/** Runs Python in a fork of the process that test/python/server.py is, and returns its standard output. */
async function forked(program: Program): Promise<string> {
  const socket = process.env.H5TRACKS_TEST_PYTHON_SERVER
  if (!socket) throw new Error(`the tests have not started ${python()}`)
  // A port, where the tests run in Wine, which has no sockets in the file system (test/platforms/python-bridge.mjs).
  const connection = /^\d+$/.test(socket) ? createConnection(Number(socket), '127.0.0.1') : createConnection(socket)
  connection.write(`${JSON.stringify({ input: '', cwd: process.cwd(), ...program })}\n`)
  const finished = JSON.parse(await text(connection)) as Finished
  const { code, signal, stdout, stderr } = finished
  const what = ['python', program.program ?? program.source, ...program.args].join(' ')
  expectNoErrorStack(what, finished)
  if (code !== 0) throw new Error(`${what}: exit ${code ?? signal}\n${stdout}${stderr}`)
  return stdout
}

/** Runs a program of test/python and returns its standard output. */
export function runPython(name: string, args: readonly string[] = [], { input = '' } = {}): Promise<string> {
  const program = fileURLToPath(new URL(`../python/${name}`, import.meta.url))
  return forked({ program, source: null, args, input })
}

/**
 * Runs a few lines of Python on the open file `f`, with `h5py`, `np` and `json` imported: changes to a file (mode 'r+' or
 * 'w') or questions about it (mode 'r'). Returns what they print.
 */
export function h5py(path: string, mode: 'r' | 'r+' | 'w', lines: string): Promise<string> {
  const indented = lines
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
  const source = ['import sys, json, h5py, numpy as np', `with h5py.File(sys.argv[1], '${mode}') as f:`, ...indented]
  return forked({ program: null, source: source.join('\n'), args: [path] })
}

/** Like `h5py`, for one expression; returns its value. */
export async function askH5py<T>(path: string, expression: string): Promise<T> {
  return JSON.parse(await h5py(path, 'r', `print(json.dumps(${expression}))`)) as T
}

/** Overwrites the compressed bytes of one chunk of a dataset, as a failing disk might. */
export async function damageChunk(path: string, dataset: string, chunk: number): Promise<void> {
  const stored = `(lambda c: [c.byte_offset, c.size])(f["${dataset}"].id.get_chunk_info(${chunk}))`
  const [offset, size] = await askH5py<[number, number]>(path, stored)
  const bytes = readFileSync(path)
  bytes.fill(0xff, offset + 8, offset + size)
  writeFileSync(path, bytes)
}

/** Changes a tracking file by Python lines, in which `g` is /tracking. Returns its path. */
export async function changeTracking(path: string, lines: string): Promise<string> {
  await h5py(path, 'r+', `g = f["tracking"]\n${lines}`)
  return path
}

/** Recreates a dataset without the rows from `start` to `stop`, which are whole chunks: the file then lacks these chunks. */
export function dropRows(path: string, dataset: string, start: number, stop: number): Promise<string> {
  return h5py(
    path,
    'r+',
    `d = f["${dataset}"]
made = dict(dtype=d.dtype, maxshape=d.maxshape, chunks=d.chunks, fillvalue=d.fillvalue)
values, made["compression"], made["fletcher32"] = d[:], d.compression, d.fletcher32
attrs = {k: v for k, v in d.attrs.items() if not k.startswith("DIMENSION")}
labels = [axis.label for axis in d.dims]
del f["${dataset}"]
d = f.create_dataset("${dataset}", values.shape, **made)
for k, v in attrs.items(): d.attrs[k] = v
for axis, label in zip(d.dims, labels):
  if label: axis.label = label
d[:${start}] = values[:${start}]
if ${stop} < len(values): d[${stop}:] = values[${stop}:]`,
  )
}
