/** A line for each of several files, from their attributes and sizes only: `h5tracks info *.h5`. */
import { statSync } from 'node:fs'
import { nameOf } from '../../frames/file/choose.js'
import { groupsIn, layoutAt } from '../../frames/file/described.js'
import { countFrames } from '../../frames/file/last-frame-index.js'
import { openReadable, verify } from '../../frames/file/open.js'
import { trackingLayout } from '../../layouts/tracking.js'
import { checkInterruption, describe, printError } from '../shared/exit.js'
import { bytes, print, printable, table, thousands } from '../shared/terminal.js'

/** What the list says of a layout of a file. */
export interface ListedLayout {
  layout: string
  frames: number
  /** Index of the last frame; null without frames. Text beyond the safe integers. */
  lastFrame: number | string | null
  cameras: number
  slots: number
}

/** What the list says of a file. `error`: why it cannot be read. */
export type Listed =
  | { path: string; bytes: number; closedCleanly: boolean; layouts: ListedLayout[] }
  | { path: string; error: string }

interface ListOptions {
  acceptLoss: boolean
  json: boolean
}

/** Prints the list, and a message for each file that cannot be read. Returns the number of these. */
export async function listFiles(paths: readonly string[], { acceptLoss, json }: ListOptions): Promise<number> {
  const listed: Listed[] = []
  for (const path of paths) {
    const one = await listFile(path, acceptLoss)
    if (json) print(`${JSON.stringify(one)}\n`)
    listed.push(one)
    if (listed.length % 64 === 0) await checkInterruption()
  }
  const failed = listed.filter((one) => 'error' in one)
  if (!json && failed.length < listed.length) print(`${listText(listed)}\n`)
  for (const { error } of failed) printError(error)
  return failed.length
}

async function listFile(path: string, acceptLoss: boolean): Promise<Listed> {
  try {
    using file = openReadable(path, { acceptLoss })
    const groups = groupsIn(file)
    const layouts = groups.length > 0 ? groups.map((group) => layoutAt(file, group)) : [trackingLayout]
    const opened = layouts.map((layout) => verify(file, layout, { acceptLoss }))
    return {
      path,
      bytes: statSync(path).size,
      closedCleanly: opened.every(({ closedCleanly }) => closedCleanly),
      layouts: opened.map(({ layout, cameraNames, slots, frames }) => {
        const counted = countFrames(file, layout)
        const { lastFrameIndex } = counted
        const lastFrame = typeof lastFrameIndex === 'bigint' ? String(lastFrameIndex) : lastFrameIndex
        return {
          layout: nameOf(layout.root),
          frames: frames ?? counted.frames,
          lastFrame,
          cameras: cameraNames.length,
          slots,
        }
      }),
    }
  } catch (error) {
    return { path, error: describe(error) }
  }
}

function listText(listed: readonly Listed[]): string {
  const rows = listed.flatMap((one) => {
    if ('error' in one) return [[printable(one.path), '', 'not readable', '', '', '', '']]
    return one.layouts.map(({ layout, frames, lastFrame, cameras, slots }, i) => [
      i === 0 ? printable(one.path) : '',
      i === 0 ? bytes(one.bytes) : '',
      printable(layout),
      thousands(frames),
      lastFrame === null ? '-' : String(lastFrame),
      String(cameras),
      `${slots}${one.closedCleanly ? '' : '  not closed'}`,
    ])
  })
  return table([['file', 'size', 'layout', 'frames', 'last frame', 'cameras', 'slots'], ...rows]).join('\n')
}
