// Our decoding of deflated chunks against libdeflate's: one thread, decoding only. On the rig's file and, with
// `--recordings DIRECTORY`, on each tracking file there, rewritten by our writer and as it is.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DECODER } from '../support/build.mjs'
import { answer, ours } from '../support/child.mjs'
import { against } from '../support/verdict.mjs'

const ROUNDS = 51

export default async function decoder({ frames, recordings, file }) {
  const rig = file('decoder-rig.h5')
  await ours('write', { way: 'records', path: rig, frames, keep: true })
  const lines = [await compare('the rig', rig)]
  if (recordings === undefined) return lines
  for (const name of (await readdir(recordings)).filter((name) => name.endsWith('.h5')).sort()) {
    const path = file(name)
    await ours('rewrite', { from: join(recordings, name), to: path })
    lines.push(await compare(`${name}, rewritten`, path), await compare(`${name}, as it is`, join(recordings, name)))
  }
  return lines
}

async function compare(name, path) {
  const { ours, libdeflate } = await answer(DECODER, [path, String(ROUNDS)])
  const milliseconds = (seconds) => seconds.map((value) => 1000 * value)
  return against({
    what: `decode the chunks of ${name}, against libdeflate`,
    unit: 'ms',
    ours: milliseconds(ours),
    peer: milliseconds(libdeflate),
  })
}
