import { rm } from 'node:fs/promises'
import { h5py, ours } from './child.mjs'
import { writeJsonLines } from './workload.mjs'

/** Writes the rig's frames with our writer and with the h5py port. */
export async function filesToRead(frames, file) {
  const source = file('frames.jsonl')
  const files = { ours: file('read-ours.h5'), h5py: file('read-h5py.h5') }
  await writeJsonLines(source, 4000)
  await ours('write', { way: 'records', path: files.ours, frames, keep: true })
  await h5py('write', { path: files.h5py, source, frames })
  await rm(source)
  return files
}
