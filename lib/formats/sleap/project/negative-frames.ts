/** Frames that a person marked as free of animals. */
import type { ForeignFile } from '../../poses/input.js'
import { Table } from './table.js'

/** The frames by video. */
export async function negativeFrames(input: ForeignFile): Promise<Map<number, Set<number>>> {
  const table = await Table.open(input, 'negative_frames', ['frame_idx'])
  const found = new Map<number, Set<number>>()
  for await (const { columns } of table.windows()) {
    const videos = columns.video_id ?? columns.video
    for (let i = 0; i < columns.frame_idx!.length; i++) {
      const video = videos?.[i] ?? 0
      const frames = found.get(video) ?? new Set()
      found.set(video, frames.add(columns.frame_idx![i]!))
    }
  }
  return found
}
