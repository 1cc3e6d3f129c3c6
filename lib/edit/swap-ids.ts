/** `swapIds`: a copy in which two animals have exchanged their ids. */
import { H5TracksError, invalidArgument } from '../base/errors.js'
import { toPath } from '../base/path.js'
import { lengthOf } from '../frames/file/open.js'
import { checkRange, type IndexRange } from '../positions/frame-range.js'
import { type EditedLayout, editFile, layoutsToEdit } from './edit-file.js'
import { checkEditOptions, checkKeys, type EditOptions, type LayoutOption } from './options.js'

export interface SwapOptions extends EditOptions, IndexRange, LayoutOption {}

export interface SwapReport {
  path: string
  layouts: EditedLayout[]
  /** Number of records that went from the first id to the second, and from the second to the first. */
  swapped: [number, number]
}

/**
 * Writes a recording to a new file in which two animals have exchanged their ids, from frame `start` on or within a range. Records stay sorted
 * by id within a frame. If only one of the animals occurs in these frames, it gets the other id. All else is kept.
 *
 * Rejects with ERR_INVALID_ARGUMENT if neither occurs in these frames, and for layouts that need a choice or have no keys; EEXIST; and the
 * errors of opening. The output then stays as it was.
 *
 * @param ids two different ids
 */
export async function swapIds(
  path: string | URL,
  out: string | URL,
  ids: readonly [number, number],
  options: SwapOptions = {},
): Promise<SwapReport> {
  checkEditOptions('swapIds', options, ['start', 'stop', 'layout'])
  const range = checkRange(options)
  if (checkKeys('ids', ids).size !== 2 || ids.length !== 2) throw invalidArgument('ids', ids, 'two different ids')
  const [first, second] = ids
  const swapped: [number, number] = [0, 0]
  const change = (key: number, frame: bigint) => {
    if ((key !== first && key !== second) || !range.has(frame)) return key
    swapped[key === first ? 0 : 1]++
    return key === first ? second : first
  }
  const layouts = await editFile(path, out, options, async (opened) => {
    const chosen = layoutsToEdit(opened, options.layout, false)
    const { filename } = opened.file
    const fail = (message: string) =>
      new H5TracksError(`${filename} ${message}`, { code: 'ERR_INVALID_ARGUMENT', path: filename, field: 'ids' })
    const isEdited = opened.layouts.map(({ layout }, i) => chosen[i] === true && layout.key !== null)
    if (!isEdited.includes(true)) throw fail('has no records with a key, so it has no ids to swap')
    return {
      layouts: opened.layouts.map((one, i) =>
        isEdited[i] ? { rows: [{ start: 0, stop: lengthOf(one) }], change } : null,
      ),
      check: () => {
        if (swapped[0] + swapped[1] > 0) return
        throw fail(`has neither ${first} nor ${second} in these frames; h5tracks stats lists the ids that it has`)
      },
    }
  })
  return { path: toPath(out), layouts, swapped }
}
