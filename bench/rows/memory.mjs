// Memory above idle while a long run is written and read back; with --long 5 million frames.
import { rm } from 'node:fs/promises'
import { ours } from '../support/child.mjs'
import { spaced } from '../support/table.mjs'
import { below } from '../support/verdict.mjs'

export default async function memory({ frames, repeat, long, file }) {
  const many = frames * (long ? 100 : 6)
  const path = file('memory.h5')
  const rounds = long ? 1 : Math.min(repeat, 3)
  const samples = { write: [], read: [] }
  for (let round = 0; round < rounds; round++) {
    for (const mode of ['write', 'read']) samples[mode].push(await ours('memory', { mode, path, frames: many }))
    await rm(path)
  }
  const line = (what, mode) =>
    below({
      what: `${what} ${spaced(many)} frames`,
      unit: 'MiB',
      ours: samples[mode].map(({ above }) => above),
      atLeast: 96,
      aim: 48,
    })
  return [line('peak above idle, writing', 'write'), line('peak above idle, reading windows of 1000 of', 'read')]
}
