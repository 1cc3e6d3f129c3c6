/** Reads MOT Challenge text: a row for each box, without a header. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FormatCode, ReadOptions } from '../core/format.js'
import type { Probe } from '../core/probe.js'
import { formatProblem } from '../core/problem.js'
import { planOf } from '../csv/plan.js'
import { formOf, type MakePlan, readRows } from '../csv/read.js'

const common = ['frame', 'id', 'left', 'top', 'width', 'height', 'confidence']

/** The columns of a file by their number: ground truth has a class and a visibility, results have a position in space. */
function columnsOf(count: number): readonly string[] | undefined {
  if (count === 6 || count === 7) return common.slice(0, count)
  if (count === 8 || count === 9) return [...common, 'class', 'visibility'].slice(0, count)
  return count === 10 ? [...common, 'x', 'y', 'z'] : undefined
}

/** How sure it is that a text is MOT Challenge: rows of 6 to 10 numbers that can be a frame, an id and a box. */
export function detectMot(probe: Probe): number {
  const text = probe.text()
  if (!text) return 0
  const form = formOf(Buffer.from(text), probe.head.length < 64 * 1024, {})
  if (!form || form.header || !columnsOf(form.sample[0]?.length ?? 0)) return 0
  const fits = form.sample.every((row) => {
    const [frame, id, , , width, height] = row.map(Number) as [number, number, number, number, number, number]
    return Number.isInteger(frame) && frame >= 0 && Number.isInteger(id) && id >= -1 && width >= 0 && height >= 0
  })
  return fits ? 0.8 : 0
}

const makePlan: MakePlan = (path, form, _options, texts, report) => {
  const count = form.sample[0]?.length ?? 0
  const columns = form.header ? undefined : columnsOf(count)
  if (!columns) {
    const found = form.header
      ? 'the first row is not a row of numbers'
      : `the first row has ${count} numbers, and MOT has 6 to 10`
    throw formatProblem(path, `line ${form.lines + 1}`, found, 'if it is another table, read it as csv (--from csv)')
  }
  const plan = planOf(path, form, { columns }, texts, report)
  const at = (name: string) => columns.indexOf(name)
  const groups = [['confidence'], ['class'], ['visibility'], ['x', 'y', 'z']].map((names) => names.map(at))
  return { ...plan, minusOnes: groups.filter((group) => group.every((column) => column >= 0)) }
}

export const readMot: NonNullable<FormatCode['read']> = async (path, options) => {
  const source = await readRows(path, options, makePlan)
  const about = sequenceOf(path, options)
  const recordings = source.recordings.map((recording) => {
    return { ...recording, metadata: { ...recording.metadata, ...about }, batches: () => recording.batches() }
  })
  return { recordings, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() }
}

/** What seqinfo.ini says, which lies beside the folder gt or det of a sequence. */
function sequenceOf(path: string, { report }: ReadOptions): Record<string, string | number> {
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    let text: string
    try {
      text = readFileSync(join(folder, 'seqinfo.ini'), 'utf8').slice(0, 65_536)
    } catch {
      continue
    }
    const values = Object.fromEntries(
      [...text.matchAll(/^\s*(\w+)\s*=\s*(.*?)\s*$/gm)].map(([, name, value]) => [name, value]),
    )
    const fps = Number(values.frameRate)
    const [width, height] = [Number(values.imWidth), Number(values.imHeight)]
    const about = {
      ...(values.name && { sequence: values.name }),
      ...(fps > 0 && { fps }),
      ...(width > 0 && height > 0 && { image_width: width, image_height: height }),
    }
    report.guessed(
      'sequence',
      `${Object.entries(about)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}, from ${basename(folder)}/seqinfo.ini`,
    )
    return about
  }
  return {}
}
