import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { isStorable } from '../../hdf5/values/attribute-value.js'

/** The cameras of a new file, checked: each names a dataset, so what HDF5 gives a meaning to is refused. */
export function checkCameraNames(cameraNames: unknown): string[] {
  if (typeof cameraNames === 'string' || !isIterable(cameraNames)) {
    throw invalidArgument('cameraNames', cameraNames, 'an iterable of strings')
  }
  const names: string[] = []
  for (const name of cameraNames) {
    const field = `cameraNames[${names.length}]`
    if (!isStorable(name) || name === '' || name === '.' || name.includes('/')) {
      throw invalidArgument(field, name, "a non-empty, well-formed string other than '.', without '/' or NUL")
    }
    if (names.includes(name)) {
      throw new H5TracksError(
        `${field} is ${show(name)}, which is among the names before it; each camera occurs once`,
        {
          code: 'ERR_INVALID_ARGUMENT',
          field,
          camera: name,
        },
      )
    }
    names.push(name)
  }
  return names
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === 'function'
}

/**
 * Makes records by camera: no prototype, so that every name is only a name, enumerated in the order of the cameras.
 * An object enumerates names like '2' first and by value, whatever was set first; where that is not the cameras' order,
 * the record is a Proxy that puts it right.
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

  /** A record of `at(index of the camera)`, without the cameras for which that is undefined. */
  make<T>(at: (index: number) => T | undefined): Record<string, T> {
    const record = Object.create(null) as Record<string, T>
    for (let index = 0; index < this.names.length; index++) {
      const value = at(index)
      if (value !== undefined) record[this.names[index] as string] = value
    }
    return this.#handler ? new Proxy(record, this.#handler as ProxyHandler<Record<string, T>>) : record
  }
}
