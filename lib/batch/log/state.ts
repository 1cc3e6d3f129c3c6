/** What the entries of a log amount to. */
import { damaged, type LogEntry, type RecordedError, type RunContents, type ShardEntry } from './entry.js'

export interface LogState {
  /** Number of the last entry; 0 without entries. */
  number: number
  /** Number of the last entry that counts; those of attempts that were superseded do not. */
  counted: number
  /** The epoch of the last claim; 0 without claims. */
  epoch: number
  /** Number of claims. */
  attempts: number
  state: 'open' | 'sealed' | 'dead'
  contents: RunContents | null
  /** The shards that count, in order. */
  shards: ShardEntry[]
  frames: number
  /** Index of the last frame in them; null without frames. */
  lastIndex: number | null
  lastError: RecordedError | null
}

export const emptyState = (): LogState => ({
  ...{ number: 0, counted: 0, epoch: 0, attempts: 0, state: 'open', contents: null },
  ...{ shards: [], frames: 0, lastIndex: null, lastError: null },
})

/** Applies the next entry. An entry of an attempt that was superseded does not count. */
export function apply(state: LogState, entry: LogEntry, where: string): void {
  state.number++
  if (entry.type === 'claim' || entry.type === 'dead') {
    if (entry.epoch <= state.epoch) return
    if (state.state === 'sealed') return
    state.counted = state.number
    state.epoch = entry.epoch
    state.state = entry.type === 'dead' ? 'dead' : 'open'
    state.lastError = entry.type === 'dead' ? entry.error : null
    if (entry.type === 'claim') {
      state.attempts++
      state.contents ??= entry.contents
    }
    return
  }
  if (entry.epoch !== state.epoch || state.state !== 'open') return
  state.counted = state.number
  if (entry.shard) addShard(state, entry.shard, where)
  if (entry.type === 'seal') state.state = 'sealed'
}

function addShard(state: LogState, shard: ShardEntry, where: string): void {
  if (shard.firstFrame !== state.frames) {
    throw damaged(where, `names a shard that begins at frame ${shard.firstFrame} of the run, not ${state.frames}`)
  }
  if (state.lastIndex !== null && shard.firstIndex <= state.lastIndex) {
    throw damaged(where, `names a shard that begins with index ${shard.firstIndex}, after index ${state.lastIndex}`)
  }
  state.shards.push(shard)
  state.frames += shard.frames
  state.lastIndex = shard.lastIndex
}
