import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { python } from './interpreter.js'
import { output, type RunOptions } from './process.js'

/** Runs a program of test/python and gives its standard output. */
export function runPython(program: string, args: readonly string[] = [], options: RunOptions = {}): Promise<string> {
  const path = fileURLToPath(new URL(`../python/${program}`, import.meta.url))
  return output(python(), [path, ...args], options)
}

/**
 * Runs Python lines on the open file `f`, with `h5py`, `np` and `json` at hand: a line or two that a test wants done to a
 * file (mode 'r+' or 'w') or asks of it (mode 'r'). What they print is given back.
 */
export function h5py(path: string, mode: 'r' | 'r+' | 'w', lines: string): Promise<string> {
  const indented = lines
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
  const source = ['import sys, json, h5py, numpy as np', `with h5py.File(sys.argv[1], '${mode}') as f:`, ...indented]
  return output(python(), ['-c', source.join('\n'), path])
}

/** As `h5py`, for one expression of which the value is wanted. */
export async function askH5py<T>(path: string, expression: string): Promise<T> {
  return JSON.parse(await h5py(path, 'r', `print(json.dumps(${expression}))`)) as T
}

/** Overwrites the compressed bytes of one chunk of a dataset, as a bad disk might. */
export async function damageChunk(path: string, dataset: string, chunk: number): Promise<void> {
  const stored = `(lambda c: [c.byte_offset, c.size])(f["${dataset}"].id.get_chunk_info(${chunk}))`
  const [offset, size] = await askH5py<[number, number]>(path, stored)
  const bytes = readFileSync(path)
  bytes.fill(0xff, offset + 8, offset + size)
  writeFileSync(path, bytes)
}

/** Makes a dataset anew without the rows from `start` to `stop`, which are whole chunks of it: no such chunk is in the file. */
export function dropRows(path: string, dataset: string, start: number, stop: number): Promise<string> {
  return h5py(
    path,
    'r+',
    `d = f["${dataset}"]
made = dict(dtype=d.dtype, maxshape=d.maxshape, chunks=d.chunks, fillvalue=d.fillvalue)
values, made["compression"], made["fletcher32"] = d[:], d.compression, d.fletcher32
del f["${dataset}"]
d = f.create_dataset("${dataset}", values.shape, **made)
d[:${start}] = values[:${start}]
if ${stop} < len(values): d[${stop}:] = values[${stop}:]`,
  )
}
