/** Finds everything in a group that cannot be read. */
import { H5TracksError } from '../../base/errors.js'
import { call, type Operation } from '../../native/operation.js'
import type { Attributes } from './attributes.js'
import type { OpenObject } from './open-object.js'

interface OpenGroup {
  /** Makes a path relative to this group absolute. */
  resolve(path: string): string
  opening(path: string): Operation<Opened>
}

type Opened = OpenObject & { readonly attributes: Attributes; close(): unknown }

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
  // The groups from `top` down to the current one stay open: a path is opened from its parent, in a time that does not grow
  // with its depth.
  const levels: { group: OpenGroup & Opened; left: string[] }[] = []
  function* enter(parent: OpenGroup, name: string): Operation<void> {
    const path = parent.resolve(name)
    const object = yield* tried(parent.opening(name), { path })
    if (object === undefined) return
    let entered = false
    try {
      const info = yield* tried(call('object.info', object.handle), { path })
      if (info === undefined || seen.has(info.token)) return
      seen.add(info.token)
      for (const attribute of (yield* tried(object.attributes.naming(), { path })) ?? []) {
        yield* tried(object.attributes.getting(attribute), { path, attribute })
      }
      if (info.kind !== 'group') return
      const links = (yield* tried(call('links.list', object.handle, 'name'), { path })) ?? []
      const left = links.flatMap((link) => (link.type === 'hard' ? [link.name] : [])).reverse()
      levels.push({ group: object as OpenGroup & Opened, left })
      entered = true
    } finally {
      if (!entered) object.close()
    }
  }
  try {
    yield* enter(top, '.')
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.left.pop()
      if (name === undefined) levels.pop()!.group.close()
      else yield* enter(level.group, name)
    }
  } finally {
    for (const { group } of levels) group.close()
  }
  return damages
}
