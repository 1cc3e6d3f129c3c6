/** A file as the server reads it: layout by layout, also while it is written, or in a process of its own. */
import { choiceOf, nameOf } from '../../frames/file/choose.js'
import { groupsIn, layoutAt } from '../../frames/file/described.js'
import { needsRecovery } from '../../frames/file/journal.js'
import { chosen, type LayoutChoice } from '../../frames/file/open.js'
import { openToFollow } from '../../frames/read/follow.js'
import { LiveRows } from '../../frames/read/live-rows.js'
import { FrameReader } from '../../reader/frame-reader.js'
import { FollowedRows } from './followed-rows.js'
import { LiveReading, type RawRows, rawDecoder } from './live.js'
import { ReaderRows } from './reader-rows.js'
import type { Rows } from './rows.js'

/** How a file is opened. */
export interface SourceOptions {
  readonly untrusted: boolean
  readonly acceptLoss: boolean
}

/** A layout of a file, and the names of all its layouts. */
export interface Opened {
  readonly names: readonly string[]
  readonly rows: Rows
}

/** Opens a layout of a file, the first one by default. Rejects with the errors of `FrameReader.open`. */
export async function openRows(path: string, wanted: string | undefined, options: SourceOptions): Promise<Opened> {
  if (options.untrusted) return openApart(path, wanted, options)
  let names: readonly string[] = []
  const choose: LayoutChoice = (file) => {
    const groups = groupsIn(file)
    names = groups.map(nameOf)
    const [first] = groups
    return wanted === undefined && first !== undefined ? layoutAt(file, first) : chosen(file, choiceOf(wanted))
  }
  const opened = await openToFollow<RawRows>(path, { layout: choose, makeDecoder: rawDecoder }, options.acceptLoss)
  if (!(opened instanceof LiveRows)) return { names, rows: new ReaderRows(new FrameReader(opened)) }
  const { closed, alive } = opened.look()
  if (!closed && !alive) {
    opened.close()
    throw needsRecovery(path)
  }
  const reopen = async () => (await openRows(path, wanted ?? names[0], options)).rows
  return { names, rows: new FollowedRows(path, new LiveReading(opened), reopen) }
}

/** A process for each layout reads the file. Such a file is not followed. */
async function openApart(path: string, wanted: string | undefined, { acceptLoss }: SourceOptions): Promise<Opened> {
  const names = await FrameReader.layouts(path, { untrusted: true })
  const reader = await FrameReader.open(path, wanted ?? names[0], { untrusted: true, acceptLoss })
  return { names, rows: new ReaderRows(reader) }
}
