/** What a caller of `FrameWriter` gives: layouts and cameras. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { type Layout, usesCameras } from '../../layout/model.js'
import { checkCameraNames } from '../file/cameras.js'
import { isLayout } from '../file/choose.js'
import type { NamedLayout } from './open/resume.js'

/** The cameras of a new file: those that the options name, or else those of a layout. */
export function camerasFor(named: readonly NamedLayout[], given: Iterable<string> | undefined): string[] {
  if (given !== undefined) return checkCameraNames(given, 'cameras')
  const own = named.find(({ layout }) => layout.cameras)?.layout.cameras
  if (own) return [...own]
  const using = named.find(({ layout }) => usesCameras(layout))
  if (!using) return []
  const { root } = using.layout
  throw new H5TracksError(`cameras must be given, because the layout of ${show(root)} has fields for each camera`, {
    code: 'ERR_INVALID_ARGUMENT',
    field: 'cameras',
  })
}

/** The layouts by name; the name of the only one is null. */
export function namedLayouts(given: unknown): NamedLayout[] {
  if (isLayout(given)) return [{ name: null, layout: given }]
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : []
  if (entries.length === 0 || !entries.every(([, layout]) => isLayout(layout))) {
    throw invalidArgument('layout', given, 'a layout of defineLayout, or an object of layouts by name')
  }
  const roots = entries.map(([, layout]) => (layout as Layout).root)
  const twice = roots.find((root, i) => roots.indexOf(root) !== i)
  if (twice !== undefined) throw invalidArgument('layout', given, `layouts with distinct groups, not two of ${twice}`)
  return entries.map(([name, layout]) => ({ name, layout: layout as Layout }))
}
