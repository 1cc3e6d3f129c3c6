/** Finds everything in a group that cannot be read. */
import { H5TracksError } from '../../base/errors.js'
import { call, type Operation } from '../../native/operation.js'
import type { Attributes } from './attributes.js'
import type { OpenObject } from './open-object.js'

interface OpenGroup {
  /** Makes a path relative to this group absolute. */
  resolve(path: string): string
  opening(path: string): Operation<OpenObject & { readonly attributes: Attributes; close(): unknown }>
}

/** An object or attribute that exists but cannot be read. */
export interface Damage {
  /** Absolute path of the object. */
  path: string
  /** The name of the damaged attribute; absent if the object, its links or the list of its attributes are damaged. */
  attribute?: string
  /** The error that reading it throws; its code is ERR_DAMAGED if HDF5 cannot open it. */
  problem: H5TracksError
}

/** Errors that do not mean damage: HDF5 can read the object, but its values cannot be converted. */
const fine = ['ERR_UNSUPPORTED_TYPE', 'ERR_UNSUPPORTED_FILTER']

/** Finds the damage in a group and in everything that hard links in it lead to. */
export function* verifying(top: OpenGroup): Operation<Damage[]> {
  const damages: Damage[] = []
  function* tried<T>(operation: Operation<T>, where: Omit<Damage, 'problem'>): Operation<T | undefined> {
    try {
      return yield* operation
    } catch (problem) {
      if (!(problem instanceof H5TracksError) || problem.code === 'ERR_CLOSED') throw problem
      if (!fine.includes(problem.code)) damages.push({ ...where, problem })
      return undefined
    }
  }
  const seen = new Set<string>()
  const waiting = ['.']
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = top.resolve(name)
    const object = yield* tried(top.opening(name), { path })
    if (object === undefined) continue
    try {
      const info = yield* tried(call('object.info', object.handle), { path })
      if (info === undefined || seen.has(info.token)) continue
      seen.add(info.token)
      for (const attribute of (yield* tried(object.attributes.naming(), { path })) ?? []) {
        yield* tried(object.attributes.getting(attribute), { path, attribute })
      }
      if (info.kind !== 'group') continue
      const links = (yield* tried(call('links.list', object.handle, 'name'), { path })) ?? []
      for (const link of links.reverse()) if (link.type === 'hard') waiting.push(`${name}/${link.name}`)
    } finally {
      object.close()
    }
  }
  return damages
}
