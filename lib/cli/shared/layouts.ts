/** The layouts of the file that a command is given. */
import { nameOf } from '../../frames/file/choose.js'
import { groupsIn, layoutAt } from '../../frames/file/described.js'
import { File } from '../../hdf5/objects/file.js'
import type { Layout } from '../../layout/model.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { Failure } from './exit.js'

/** Name of the layout of tracking files, which commands show in the terms of fish. */
export const tracking = nameOf(trackingLayout.root)

/**
 * The layouts of a file that a command shows: the one named, else all. A file that cannot be opened, or that has no layout, counts as a
 * tracking file: opening it as one says what is wrong.
 */
export async function layoutNames(
  path: string,
  layout: string | undefined,
  { untrusted, acceptLoss }: { untrusted: boolean; acceptLoss: boolean },
): Promise<string[]> {
  const names = await namesIn(path, untrusted, acceptLoss)
  // Opening the layout says what is wrong with the file.
  if (names.length === 0) return [layout ?? tracking]
  if (layout === undefined) return names
  if (names.includes(layout)) return [layout]
  throw unknownLayout(path, layout, names)
}

async function namesIn(path: string, untrusted: boolean, acceptLoss: boolean): Promise<string[]> {
  try {
    return untrusted ? await namesApart(path) : namesHere(path, acceptLoss)
  } catch {
    return []
  }
}

async function namesApart(path: string): Promise<string[]> {
  const { groupsApart } = await import('../../untrusted/source.js')
  return (await groupsApart(path, { untrusted: true })).map(nameOf)
}

function namesHere(path: string, acceptLoss: boolean): string[] {
  using file = new File(path, 'r', { acceptLoss })
  return groupsIn(file).map(nameOf)
}

function unknownLayout(path: string, layout: string, names: readonly string[]): Failure {
  return new Failure(`${path} has no layout ${layout}; it has ${names.join(', ')}`)
}

/** Chooses the layout named, else the only one of an open file. A file without layouts is opened as a tracking file. */
export function chooseLayout(file: File, path: string, layout: string | undefined): Layout {
  const groups = groupsIn(file)
  const names = groups.map(nameOf)
  if (layout !== undefined) {
    const at = names.indexOf(layout)
    if (at === -1) throw unknownLayout(path, layout, names.length > 0 ? names : ['none'])
    return layoutAt(file, groups[at] as string)
  }
  if (groups.length > 1) throw severalLayouts(path, names)
  return groups[0] === undefined ? trackingLayout : layoutAt(file, groups[0])
}

/** The error for a file with several layouts, of which a command needs one. */
export function severalLayouts(path: string, names: readonly string[]): Failure {
  return new Failure(`${path} has several layouts: ${names.join(', ')}; choose one with --layout`)
}
