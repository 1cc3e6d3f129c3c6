// Seconds to join the shards of one recording. `odd`: frames that the first shard lacks, so that no other begins at a chunk boundary.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { concat } from '../../dist/library/batch.js'
import { parameters, report, settle } from '../support/child.mjs'
import { writeShards } from '../support/shards.mjs'

const { path, shards, frames, odd } = parameters()
mkdirSync(path)
const files = await writeShards(path, shards, frames, odd)
await settle()
const start = performance.now()
const { layouts } = await concat(files, join(path, 'whole.h5'))
const seconds = (performance.now() - start) / 1000
rmSync(path, { recursive: true })
report({ seconds, frames: layouts[0].frames })
