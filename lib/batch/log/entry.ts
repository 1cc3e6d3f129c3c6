/** The entries of a run's log, as JSON. */
import { randomUUID } from 'node:crypto'
import { H5TracksError } from '../../base/errors.js'

/** A shard as the log names it. */
export interface ShardEntry {
  readonly name: string
  /** Number of frames in the shards before it. */
  readonly firstFrame: number
  readonly frames: number
  /** Indices of its first and of its last frame. */
  readonly firstIndex: number
  readonly lastIndex: number
  readonly bytes: number
  readonly sha256: string
  readonly etag?: string
}

/** What all shards of a run have in common. */
export interface RunContents {
  /** The layouts by the names of their groups, with a digest of their fields. */
  readonly layouts: readonly { readonly group: string; readonly digest: string }[]
  readonly cameras: readonly string[]
  readonly slots: number | null
  readonly chunkFrames: number
}

/** The error that ended an attempt. */
export interface RecordedError {
  readonly message: string
  readonly code?: string
}

interface EntryBase {
  readonly version: 1
  /** The number of claims up to this one; in other entries, that of the claim that they belong to. */
  readonly epoch: number
  /** Unique, so that a writer recognises its own entry if the reply was lost. */
  readonly id: string
  /** ISO 8601. */
  readonly time: string
}

/** An attempt begins, and fences all before it. */
export interface ClaimEntry extends EntryBase {
  readonly type: 'claim'
  readonly contents: RunContents
  /** The host and the process of the attempt, for people. */
  readonly worker: string
}

/** A shard counts from here on. */
export interface ShardCounts extends EntryBase {
  readonly type: 'shard'
  readonly shard: ShardEntry
}

/** The run is complete. The last shard counts with the same entry. */
export interface SealEntry extends EntryBase {
  readonly type: 'seal'
  readonly shard?: ShardEntry
}

/** The run was given up after its last attempt. A later claim takes it up again. */
export interface DeadEntry extends EntryBase {
  readonly type: 'dead'
  readonly error: RecordedError
}

export type LogEntry = ClaimEntry | ShardCounts | SealEntry | DeadEntry

/** The fields of an entry that depend on what it says. */
export type EntryBody<E = LogEntry> = E extends LogEntry ? Omit<E, 'version' | 'epoch' | 'id' | 'time'> : never

/** An entry with an id of its own. */
export function entryOf(epoch: number, body: EntryBody): LogEntry {
  return { version: 1, epoch, id: randomUUID(), time: new Date().toISOString(), ...body }
}

/** The key of the entry with this number, from 1. */
export const entryKey = (number: number): string => `log/${String(number).padStart(8, '0')}.json`

/** The number of an entry; null for a key that is none. */
export function entryNumber(key: string): number | null {
  const digits = /^log\/(\d{8})\.json$/.exec(key)?.[1]
  return digits === undefined ? null : Number(digits)
}

export const encodeEntry = (entry: LogEntry): Uint8Array => Buffer.from(`${JSON.stringify(entry, null, 1)}\n`)

/** Reads an entry. Throws ERR_FORMAT if it is not one. */
export function decodeEntry(bytes: Uint8Array, where: string): LogEntry {
  let entry: unknown
  try {
    entry = JSON.parse(Buffer.from(bytes).toString())
  } catch {
    throw damaged(where, 'is not JSON')
  }
  const problem = problemOf(entry)
  if (problem !== undefined) throw damaged(where, problem)
  return entry as LogEntry
}

function problemOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'is not an object'
  const { version, type, epoch, id, shard, contents, error } = entry as Record<string, unknown>
  if (version !== 1) return `has version ${String(version)}; this version of h5tracks reads version 1`
  if (!isCount(epoch) || typeof id !== 'string') return 'has no epoch and id'
  if (type === 'claim') return isContents(contents) ? undefined : 'does not say what the shards contain'
  if (type === 'shard') return isShard(shard) ? undefined : 'names no shard'
  if (type === 'seal') return shard === undefined || isShard(shard) ? undefined : 'names a shard wrongly'
  if (type === 'dead') return typeof (error as RecordedError)?.message === 'string' ? undefined : 'has no error'
  return `has the type ${String(type)}`
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function isShard(value: unknown): value is ShardEntry {
  if (typeof value !== 'object' || value === null) return false
  const { name, firstFrame, frames, firstIndex, lastIndex, bytes, sha256 } = value as Record<string, unknown>
  return (
    typeof name === 'string' &&
    /^[\w.-]+$/.test(name) &&
    typeof sha256 === 'string' &&
    [firstFrame, frames, bytes].every(isCount) &&
    [firstIndex, lastIndex].every(Number.isSafeInteger)
  )
}

function isContents(value: unknown): value is RunContents {
  if (typeof value !== 'object' || value === null) return false
  const { layouts, cameras, chunkFrames } = value as Record<string, unknown>
  return Array.isArray(layouts) && Array.isArray(cameras) && isCount(chunkFrames)
}

export function damaged(where: string, problem: string): H5TracksError {
  return new H5TracksError(`the log of the run is damaged: ${where} ${problem}`, { code: 'ERR_FORMAT', path: where })
}
