/** HDF5 files of other programs: whatever is missing, damaged or of another kind is ERR_FORMAT, with file, place and remedy. */
import { H5TracksError } from '../../base/errors.js'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { File } from '../../hdf5/objects/file.js'
import type { AttributeValue } from '../../hdf5/values/attribute-value.js'
import type { Selection } from '../../hdf5/values/selection.js'
import type { Data, Values } from '../../hdf5/values/types.js'
import type { Recording, Source } from '../core/format.js'
import { damagedRemedy, openHdf5 } from '../core/hdf5-file.js'
import { formatProblem } from '../core/problem.js'

/** Codes of errors that say that the content of a file is wrong. */
const contentErrors = new Set([
  ...['ERR_HDF5', 'ERR_DAMAGED', 'ERR_NOT_FOUND', 'ERR_TOO_LARGE', 'ERR_OUT_OF_RANGE'],
  ...['ERR_UNSUPPORTED_TYPE', 'ERR_NOT_HDF5'],
])

/** Opens a file and its recordings. The file stays open with them, and is closed if they cannot be opened. */
export async function openSource(
  path: string,
  open: (input: ForeignFile) => Promise<readonly Recording[]>,
): Promise<Source> {
  const input = new ForeignFile(path)
  const close = () => input[Symbol.asyncDispose]()
  try {
    return { recordings: await open(input), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** An open HDF5 file of another program. */
export class ForeignFile implements AsyncDisposable {
  readonly path: string
  readonly file: File

  constructor(path: string) {
    this.path = path
    this.file = openHdf5(path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close()
  }

  /** The error for something in the file. `place`: the path of a dataset, a row, an attribute. */
  problem(place: string, problem: string, remedy?: string): H5TracksError {
    return formatProblem(this.path, place, problem, remedy)
  }

  /** Turns the errors of HDF5 into ERR_FORMAT that names the place. */
  async guarded<T>(place: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof H5TracksError) || !contentErrors.has(error.code)) throw error
      throw Object.assign(this.problem(place, `cannot be read (${error.message})`, damagedRemedy), { cause: error })
    }
  }

  /** True if there is an object of this kind. */
  async has(path: string, kind: 'dataset' | 'group'): Promise<boolean> {
    return (await this.guarded(path, () => this.file.kind(path))) === kind
  }

  /** Opens a dataset; undefined if there is none. */
  async find(path: string): Promise<Dataset | undefined> {
    if (!(await this.has(path, 'dataset'))) return undefined
    return this.guarded(path, () => this.file.dataset(path))
  }

  /** Opens a dataset that the format needs. */
  async dataset(path: string, remedy: string): Promise<Dataset> {
    const found = await this.find(path)
    if (found) return found
    throw this.problem(path, 'there is no such dataset', remedy)
  }

  /** @param into an array of the right kind and length for numbers, which is filled */
  read(dataset: Dataset, selection?: Selection, into?: Float32Array | Float64Array): Promise<Values<Data>> {
    return this.guarded(dataset.path, () =>
      dataset.read(selection ?? null, { bigint: 'number', ...(into && { into }) }),
    )
  }

  /** The texts of a dataset in row-major order; [] if there is none, or if it holds no texts, as that of an empty list. */
  async texts(path: string, most = 2 ** 20): Promise<string[]> {
    const dataset = await this.find(path)
    const shape = dataset && (await this.guarded(path, () => dataset.shape()))
    if (!dataset || !shape) return []
    const count = shape.reduce((all, n) => all * n, 1)
    if (count > most) throw this.problem(path, `${count} texts are more than the ${most} that are read`)
    if (count === 0) return []
    if (dataset.type.class !== 'string') throw this.problem(path, 'does not hold texts')
    const { data } = await this.read(dataset)
    return (data as readonly (string | Uint8Array)[]).map(decoded)
  }

  /** The text of a scalar dataset; undefined if there is none. */
  async text(path: string): Promise<string | undefined> {
    return (await this.texts(path))[0]
  }

  /** An attribute of an object; undefined if there is none. */
  async attribute(path: string, name: string): Promise<AttributeValue | undefined> {
    return this.guarded(`${path}@${name}`, async () => {
      const { attributes } = path === '/' ? this.file : await this.file.get(path)
      return (await attributes.has(name)) ? attributes.get(name) : undefined
    })
  }

  /** A text in an attribute; undefined if there is none, or another kind of value. */
  async textAttribute(path: string, name: string): Promise<string | undefined> {
    const value = await this.attribute(path, name)
    const one = Array.isArray(value) && value.length === 1 ? value[0] : value
    return typeof one === 'string' || one instanceof Uint8Array ? decoded(one) : undefined
  }
}

/** A text that is UTF-8, or in Latin-1 as older programs wrote it. */
function decoded(text: string | Uint8Array): string {
  return typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
}
