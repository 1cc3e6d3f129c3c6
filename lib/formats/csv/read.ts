/** Reads tables of text: CSV, TSV and their like. */
import { H5TracksError } from '../../base/errors.js'
import type { FormatCode, ReadOptions, Recording, Source } from '../core/format.js'
import type { FormatOptions } from '../core/options.js'
import type { Probe } from '../core/probe.js'
import { formatProblem } from '../core/problem.js'
import { type Report, ReportList } from '../core/report.js'
import type { Spool } from '../core/spool.js'
import { readText } from '../core/text-stream.js'
import { framesOf } from './frames.js'
import { layoutOf } from './layout.js'
import { type Plan, planOf } from './plan.js'
import { ID, KEY, NOBODY, TableRows, TextsFound, UNKNOWN } from './rows.js'
import { type Form, sniff } from './sniff.js'

const headBytes = 64 * 1024
const mostNames = 1_000_000

/** How sure it is that a text is a table: with a frame and what else is known, without a header, or not at all. */
export function detectTable(probe: Probe): number {
  const text = probe.text()?.trimStart()
  if (!text || text.startsWith('{') || text.startsWith('[') || text.startsWith('<')) return 0
  const head = Buffer.from(text)
  if (isTable(probe.path, head)) return 0.6
  const form = formOf(head, true, {})
  const columns = form?.header?.length ?? form?.sample[0]?.length ?? 0
  return columns < 2 ? 0 : /\.(csv|tsv)(\.gz|\.zst)?$/.test(probe.name) ? 0.2 : 0.1
}

/** True if a text begins as a table whose columns are known. */
export function isTable(path: string, head: Buffer): boolean {
  try {
    const form = formOf(head, head.length < headBytes, {})
    const plan = form && planOf(path, form, {}, new Set(), new ReportList())
    return plan?.animals.some(({ targets }) => targets.length > 0) ?? false
  } catch {
    return false
  }
}

export const readTable: NonNullable<FormatCode['read']> = (path, options) => readRows(path, options, planOf)

/** Makes the plan of a table from its first rows. */
export type MakePlan = typeof planOf

/** Reads a table whose columns are known in another way than by the names in a header. */
export async function readRows(path: string, options: ReadOptions, makePlan: MakePlan): Promise<Source> {
  const texts = new Set<number>()
  for (;;) {
    try {
      return await sourceOf(path, await parse(path, texts, options, makePlan), options)
    } catch (error) {
      if (!(error instanceof TextsFound) || texts.has(error.column)) throw error
      texts.add(error.column)
    }
  }
}

interface Parsed {
  readonly plan: Plan
  readonly rows: TableRows
}

async function parse(
  path: string,
  texts: ReadonlySet<number>,
  options: ReadOptions,
  makePlan: MakePlan,
): Promise<Parsed> {
  const { report } = options
  let rows: TableRows | undefined
  let plan: Plan | undefined
  let head: Buffer = Buffer.alloc(0)
  const begin = async (complete: boolean): Promise<void> => {
    const form = formOf(head, complete, options)
    if (!form) {
      if (!complete && head.length < 2 ** 24) return
      throw formatProblem(path, undefined, 'holds no rows', 'is it a table of text?')
    }
    plan = makePlan(path, form, options, texts, report)
    reportForm(form, options)
    const commas = options.decimal === undefined ? form.commas || form.delimiter === ';' : options.decimal === ','
    rows = new TableRows(path, form, plan, commas, report)
    await rows.take(head.subarray(form.skip))
  }
  try {
    for await (const chunk of readText(path, options)) {
      if (rows) await rows.take(chunk)
      else {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
        if (head.length >= headBytes) await begin(false)
      }
    }
    if (!rows) await begin(true)
    await rows?.finish()
    return {
      plan: withoutUnknown(plan as unknown as Plan, rows as unknown as TableRows),
      rows: rows as unknown as TableRows,
    }
  } catch (error) {
    await (rows as TableRows | undefined)?.spool[Symbol.asyncDispose]()
    throw error
  }
}

/** Hides the fields whose values are all -1. */
function withoutUnknown(plan: Plan, { known }: TableRows): Plan {
  const never = new Set((plan.minusOnes ?? []).flatMap((group, i) => (known[i] ? [] : group)))
  const fields = plan.animals.flatMap(({ targets }) =>
    targets.filter(({ columns }) => columns.every((one) => never.has(one))),
  )
  return { ...plan, hidden: new Set(fields.map(({ field }) => field)) }
}

export function formOf(
  head: Buffer,
  complete: boolean,
  { delimiter, decimal, columns }: FormatOptions,
): Form | undefined {
  const wanted = { named: Array.isArray(columns), ...(delimiter !== undefined && { delimiter }) }
  const form = sniff(head.toString('latin1'), complete, wanted)
  return form && decimal === '.' ? { ...form, commas: false } : form
}

function reportForm({ delimiter, commas }: Form, options: ReadOptions): void {
  const shown = ({ '\t': 'tab', ' ': 'blank' } as Record<string, string>)[delimiter] ?? delimiter
  if (options.delimiter === undefined && delimiter !== ',') options.report.guessed('delimiter', shown)
  if (options.decimal === undefined && commas) options.report.guessed('decimal mark', 'comma: 1,5 is 1.5')
}

async function sourceOf(path: string, { plan, rows }: Parsed, options: ReadOptions): Promise<Source> {
  const { spool, texts, nameOfId } = rows
  const { report, signal } = options
  const facts = await survey(spool)
  if (facts.frames === 0) {
    await spool[Symbol.asyncDispose]()
    throw formatProblem(path, undefined, 'holds a header and no rows')
  }
  const slots = slotsFor(path, Math.max(1, facts.slots), options)
  if (facts.someUnknown) {
    const why = plan.id < 0 ? 'no column of ids' : 'some rows have no id'
    report.guessed('identities', `${why}: such detections are numbered in each frame`)
  }
  if (plan.frame < 0) {
    report.guessed('frames', options.fps ? `time x ${options.fps}` : 'the times in their order')
  }
  // A table without ids and with one row for each frame is one animal.
  const someUnknown = facts.someUnknown && (plan.id >= 0 || facts.slots > 1)
  const layout = layoutOf(plan, { slots, someUnknown, texts })
  const names = namesOf(plan, rows, facts.maxId, report)
  const recording: Recording = {
    layout,
    cameras: plan.cameras,
    metadata: names ? { names } : {},
    frames: facts.frames,
    batches: () => {
      const indexOf = indexing(path, options.fps)
      const firstUnknown = facts.maxId + 1
      return framesOf(spool, { path, plan, layout, texts, firstUnknown, indexOf, report, signal })
    },
  }
  nameOfId.clear()
  return { recordings: [recording], [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose]() }
}

interface Facts {
  frames: number
  slots: number
  maxId: number
  someUnknown: boolean
}

async function survey(spool: Spool): Promise<Facts> {
  const facts: Facts = { frames: 0, slots: 0, maxId: -1, someUnknown: false }
  const { width } = spool
  let frame = Number.NaN
  let count = 0
  for await (const block of spool.blocks()) {
    for (let at = 0; at < block.length; at += width) {
      if (block[at + KEY] !== frame) {
        frame = block[at + KEY] as number
        facts.frames++
        count = 0
      }
      const id = block[at + ID] as number
      if (id === NOBODY) continue
      if (++count > facts.slots) facts.slots = count
      if (id === UNKNOWN) facts.someUnknown = true
      else if (id > facts.maxId) facts.maxId = id
    }
  }
  return facts
}

function slotsFor(path: string, needed: number, { max, report }: ReadOptions): number {
  if (max === undefined) {
    report.guessed('slots for animals', String(needed))
    return needed
  }
  if (max >= needed) return max
  const message = `${path} has frames with ${needed} animals, and max allows ${max}; leave max (--max) out, or raise it`
  throw new H5TracksError(message, { code: 'ERR_TOO_MANY_RECORDS', path, field: 'max' })
}

/** The names of the animals by key; undefined if they have none. */
function namesOf(plan: Plan, { texts, nameOfId }: TableRows, maxId: number, report: Report): string[] | undefined {
  if (plan.wide) return plan.animals.map(({ name }) => name as string)
  const ids = texts.get(plan.id)?.texts
  if (ids) return ids
  const own = texts.get(plan.name)?.texts
  if (!own || nameOfId.size === 0) return undefined
  if (maxId >= mostNames) {
    report.lost('names of animals', nameOfId.size, 'their ids are too large for a list')
    return undefined
  }
  return Array.from({ length: maxId + 1 }, (_, id) => own[nameOfId.get(id) ?? -1] ?? '')
}

/** Gives the index of a frame from its time: in the order of the times, or by the frame rate. */
function indexing(path: string, fps: number | undefined): (time: number) => number {
  let next = 0
  let last = Number.NEGATIVE_INFINITY
  let before = Number.NaN
  return (time) => {
    if (fps === undefined) return next++
    const index = Math.round(time * fps)
    if (index <= last) {
      throw formatProblem(
        path,
        undefined,
        `the times ${before} and ${time} are the same frame at ${fps} frames a second`,
        'give the right fps (--fps), or leave it out',
      )
    }
    last = index
    before = time
    return index
  }
}
