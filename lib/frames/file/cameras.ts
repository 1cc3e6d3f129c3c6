/** Camera names, and records by camera. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { isStorable } from '../../hdf5/values/attribute-value.js'

/** Checks the camera names of a new file. Each names a dataset, so '/' and '.', which mean something to HDF5, are refused. */
export function checkCameraNames(cameraNames: unknown, option = 'cameraNames'): string[] {
  if (typeof cameraNames === 'string' || !isIterable(cameraNames)) {
    throw invalidArgument(option, cameraNames, 'an iterable of strings')
  }
  const names: string[] = []
  for (const name of cameraNames) {
    const field = `${option}[${names.length}]`
    if (!isStorable(name) || name === '' || name === '.' || name.includes('/')) {
      throw invalidArgument(field, name, "a non-empty, well-formed string other than '.', without '/' or NUL")
    }
    if (names.includes(name)) {
      throw new H5TracksError(`${field} is ${show(name)}, which occurs twice; camera names must be distinct`, {
        code: 'ERR_INVALID_ARGUMENT',
        field,
        camera: name,
      })
    }
    names.push(name)
  }
  return names
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === 'function'
}

/**
 * Makes records by camera. They have no prototype, so that a camera may have any name, and enumerate the cameras in their order.
 * Objects enumerate names like '2' first, in ascending order; if that is not the order of the cameras, the record is a Proxy with
 * the right order.
 */
export class CameraRecords {
  readonly names: readonly string[]
  readonly #handler: ProxyHandler<Record<string, unknown>> | null

  constructor(names: readonly string[]) {
    this.names = names
    const natural = Object.keys(Object.fromEntries(names.map((name) => [name, 0])))
    const known = new Set<string | symbol>(names)
    const ordered = natural.every((name, i) => name === names[i])
    this.#handler = ordered
      ? null
      : {
          ownKeys: (record) => [
            ...names.filter((name) => Object.hasOwn(record, name)),
            ...Reflect.ownKeys(record).filter((key) => !known.has(key)),
          ],
        }
  }

  /** Makes a record whose values are `at(index of the camera)`, without cameras for which that is undefined. */
  make<T>(at: (index: number) => T | undefined): Record<string, T> {
    const record = Object.create(null) as Record<string, T>
    for (let index = 0; index < this.names.length; index++) {
      const value = at(index)
      if (value !== undefined) record[this.names[index] as string] = value
    }
    return this.ordered(record)
  }

  /** Returns a record without a prototype, or a Proxy of it, that enumerates the cameras in their order. */
  ordered<T>(record: Record<string, T>): Record<string, T> {
    return this.#handler ? new Proxy(record, this.#handler as ProxyHandler<Record<string, T>>) : record
  }
}
