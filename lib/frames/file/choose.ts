/** Chooses one of the layouts of a file. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { File } from '../../hdf5/objects/file.js'
import type { Layout } from '../../layout/model.js'
import { groupsIn, layoutAt } from './described.js'
import type { LayoutChoice } from './open.js'

/** How a caller names a layout: itself, its group, or not at all if a file has only one. */
export type GivenLayout = Layout | string | undefined

/** True if a value was made by `defineLayout`. */
export function isLayout(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && 'spec' in value && 'root' in value && 'fields' in value
}

/** Checks what a caller gave. Throws ERR_INVALID_ARGUMENT; the choice throws it if a file has several layouts, else ERR_FORMAT. */
export function choiceOf(given: GivenLayout): LayoutChoice {
  if (given === undefined) return onlyLayout
  if (typeof given === 'string') return (file) => layoutNamed(file, given)
  if (isLayout(given)) return given
  throw invalidArgument('layout', given, 'a layout (made by defineLayout) or the name of its group')
}

function onlyLayout(file: File): Layout {
  const groups = groupsIn(file)
  const [only, ...others] = groups
  if (only === undefined) throw withoutLayout(file, 'holds no frames: no group describes its layout')
  if (others.length === 0) return layoutAt(file, only)
  const { filename } = file
  const names = groups.map((group) => show(nameOf(group))).join(', ')
  throw new H5TracksError(
    `${filename} holds several layouts, ${names}; pass one of them, as in ('file.h5', ${show(nameOf(only))})`,
    {
      code: 'ERR_INVALID_ARGUMENT',
      path: filename,
      field: 'layout',
    },
  )
}

function layoutNamed(file: File, name: string): Layout {
  const groups = groupsIn(file)
  const group = groups.find((group) => nameOf(group) === name || group === name)
  if (group !== undefined) return layoutAt(file, group)
  const has = groups.length === 0 ? 'it has none' : `it has ${groups.map((group) => show(nameOf(group))).join(', ')}`
  throw withoutLayout(file, `has no layout ${show(name)}; ${has}`)
}

function withoutLayout({ filename }: File, problem: string): H5TracksError {
  return new H5TracksError(`${filename} ${problem}`, { code: 'ERR_FORMAT', path: filename })
}

/** The name of a layout's group. */
export function nameOf(group: string): string {
  return group.slice(1)
}
