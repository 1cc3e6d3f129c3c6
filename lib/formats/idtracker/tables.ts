/** Trajectories as CSV: `trajectories.csv` with a column `x1`, `y1` … for each animal, and what lies beside it. */
import { createReadStream, existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemError } from '../../base/errors.js'
import { BatchBuilder } from '../core/batches.js'
import type { Batch, ReadOptions, Source } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import { type Facts, sessionOf } from './session.js'

/** The columns of a header; undefined if it is not that of trajectories. */
export function columnsOf(
  header: string,
): { readonly animals: number; readonly leading: 'time' | 'frame' | undefined } | undefined {
  const names = header
    .replace(/^#\s*/, '')
    .trim()
    .toLowerCase()
    .replaceAll('_', '')
    .split(/\s*,\s*/)
  const leading = ['time', 'seconds'].includes(names[0] ?? '') ? 'time' : names[0] === 'frame' ? 'frame' : undefined
  const rest = leading ? names.slice(1) : names
  const isTrajectory =
    rest.length >= 2 && rest.length % 2 === 0 && rest.every((name, i) => name === `${'xy'[i % 2]}${(i >> 1) + 1}`)
  return isTrajectory ? { animals: rest.length / 2, leading } : undefined
}

/** Reads the lines of a table as numbers. Throws ERR_FORMAT with the line. */
async function* rowsOf(path: string, width: number, skip: number): AsyncGenerator<number[]> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  let number = 0
  try {
    for await (const line of lines) {
      if (++number <= skip || line.trim() === '') continue
      const row = line.split(',').map((text) => (/^\s*(nan)?\s*$/i.test(text) ? Number.NaN : Number(text)))
      const bad = line.split(',').findIndex((text, i) => Number.isNaN(row[i]) && !/^\s*(nan)?\s*$/i.test(text))
      const problem = (what: string) =>
        formatProblem(path, `line ${number}`, what, 'it is damaged or truncated: export the trajectories again')
      if (row.length !== width) throw problem(`it has ${row.length} values, its header ${width}`)
      if (bad >= 0) throw problem(`${line.split(',')[bad]?.slice(0, 40)} is not a number`)
      yield row
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? systemError(error) : error
  } finally {
    lines.close()
  }
}

async function firstLine(path: string): Promise<string> {
  const lines = createInterface({ input: createReadStream(path, { end: 2 ** 20 }) })
  for await (const line of lines) {
    lines.close()
    return line.replace(/^\uFEFF/, '')
  }
  return ''
}

/** Opens `trajectories.csv`. */
export async function readTable(path: string, options: ReadOptions): Promise<Source> {
  const columns = columnsOf(await firstLine(path))
  if (!columns)
    throw formatProblem(path, 'line 1', 'its columns are not x1, y1, x2, y2 …', 'read it as csv (--from csv)')
  const { animals, leading } = columns
  const probabilities = await besides(path, 'id_probabilities.csv')
  const width = probabilities ? (await firstLine(probabilities)).split(',').length : 0
  if (probabilities && width !== animals && width !== animals + 1) {
    throw formatProblem(
      probabilities,
      'line 1',
      `it has ${width} columns for ${animals} animals`,
      'export the trajectories again',
    )
  }
  const facts = await factsBeside(path, animals)
  const session = sessionOf(
    facts,
    { animals, hasProbabilities: probabilities !== undefined, hasTime: leading === 'time' },
    options,
  )
  const layout = session.layoutWith(animals)
  async function* batches(): AsyncGenerator<Batch> {
    const builder = new BatchBuilder(layout)
    const beside = probabilities ? rowsOf(probabilities, width, 1) : undefined
    let frame = 0
    for await (const row of rowsOf(path, 2 * animals + (leading ? 1 : 0), 1)) {
      options.signal?.throwIfAborted()
      const own = beside && (await beside.next())
      if (own?.done)
        throw formatProblem(probabilities as string, `line ${frame + 2}`, 'it has fewer lines than the trajectories')
      const xy = leading ? row.slice(1) : row
      const confidence = own?.value?.slice(width - animals) as number[] | undefined
      const records = Array.from({ length: animals }, (_, key) => ({
        key,
        x: xy[2 * key],
        y: xy[2 * key + 1],
        ...(confidence && { confidence: confidence[key] }),
      }))
      const present = records.filter(({ x, y }) => Number.isFinite(x) || Number.isFinite(y))
      builder.add(
        leading === 'frame' ? (row[0] as number) : frame,
        present,
        leading === 'time' ? { time: row[0] as number } : {},
      )
      frame++
      if (builder.isFull) yield builder.take()
    }
    if (beside && !(await beside.next()).done) {
      throw formatProblem(probabilities as string, `line ${frame + 2}`, 'it has more lines than the trajectories')
    }
    if (builder.rows > 0) yield builder.take()
  }
  const recording = { layout, cameras: [], metadata: session.metadata, frames: undefined, batches }
  return { recordings: [recording], [Symbol.asyncDispose]: async () => {} }
}

/** A file of the same export: `areas.csv`, or `trajectories.areas.csv` in older versions. */
async function besides(path: string, name: string): Promise<string | undefined> {
  const old = `${basename(path).replace(/(\.trajectories)?\.csv$/i, '')}.${name}`
  return [name, old].map((candidate) => join(dirname(path), candidate)).find((candidate) => existsSync(candidate))
}

async function factsBeside(path: string, animals: number): Promise<Facts> {
  const attributes = await besides(path, 'attributes.json')
  const areas = await besides(path, 'areas.csv')
  const facts = attributes ? await jsonIn(attributes) : {}
  if (!areas || 'areas' in facts) return facts
  const header = (await firstLine(areas)).split(',').map((name) => name.replace(/^[#\s]+/, '').trim())
  if (!header.includes('mean')) return facts
  const columns = header.map((): number[] => [])
  for await (const row of rowsOf(areas, header.length, 1)) {
    if ((columns[0]?.length ?? 0) >= animals) break
    for (const [i, value] of row.entries()) columns[i]?.push(value)
  }
  return {
    ...facts,
    areas: Object.fromEntries(header.map((name, i) => [name.replace('standard_deviation', 'std'), columns[i]])),
  }
}

async function jsonIn(path: string): Promise<Record<string, unknown>> {
  try {
    if ((await stat(path)).size > 2 ** 24) throw new Error('it is too long')
    // Python writes NaN and Infinity.
    const text = (await readFile(path, 'utf8')).replace(/([[:,]\s*)(-?)(NaN|Infinity)(?=\s*[,\]}])/g, '$1null')
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw new Error('it is not an object')
  } catch (error) {
    throw formatProblem(
      path,
      undefined,
      `it cannot be read (${(error as Error).message})`,
      'remove it to read the trajectories without it',
    )
  }
}
