/** The header of `.npy` files. (Source: NumPy's description of the format, NEP 1.) */
import { formatProblem } from '../core/problem.js'
import { FileArray } from './array.js'
import type { ByteFile, ByteRange } from './bytes.js'
import { dtypeOf } from './dtype.js'
import { Unpickler } from './pickle.js'
import type { Plain } from './plain.js'

const magic = Buffer.from('\x93NUMPY', 'latin1')
const longest = 65_536

export const isNpy = (head: Uint8Array): boolean => magic.equals(head.subarray(0, 6))

/** What an `.npy` file holds: an array of numbers or texts, or the objects of a pickle. */
export type NpyContent = { readonly array: FileArray } | { readonly objects: Plain }

/** Reads an `.npy` file, or the part of a file that is one. Throws ERR_FORMAT. `place` names the part. */
export function readNpy({ file, offset, length }: ByteRange, place: string): NpyContent {
  const problem = (what: string) =>
    formatProblem(file.path, place, what, 'write it again with numpy.save or the program that made it')
  const head = file.bytes(offset, Math.min(12, length), place)
  if (!isNpy(head) || head.length < 12) throw problem('it does not begin as an array of NumPy')
  const major = head[6] as number
  if (major < 1 || major > 3) throw problem(`version ${major} of the format is not known`)
  const start = major === 1 ? 10 : 12
  const headerLength = major === 1 ? head.readUInt16LE(8) : head.readUInt32LE(8)
  if (headerLength > longest || start + headerLength > length) {
    throw problem(`its header claims ${headerLength} bytes, of the ${length} that there are`)
  }
  const header = file.bytes(offset + start, headerLength, place).toString('latin1')
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1]
  if (descr === undefined || order === undefined || shape === undefined) {
    const structured = /'descr':\s*\[/.test(header)
    throw problem(structured ? 'arrays with named columns are not supported' : 'its header cannot be understood')
  }
  const dtype = dtypeOf(descr)
  if (!dtype) throw problem(`elements of the type ${descr} are not supported`)
  const data: ByteRange = { file, offset: offset + start + headerLength, length: length - start - headerLength }
  if (dtype.kind === 'O') return { objects: new Unpickler(data, place).load() }
  const axes = shape.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number.parseInt(part, 10)]))
  return { array: new FileArray(place, dtype, axes, order === 'True', data) }
}

/** Reads a whole file. */
export const readNpyFile = (file: ByteFile): NpyContent => readNpy({ file, offset: 0, length: file.size }, 'the array')
