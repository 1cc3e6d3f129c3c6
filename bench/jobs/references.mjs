// Seconds to write the references of `count` files: one file for all, or one for `each`.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeReferences } from '../../dist/library/batch.js'
import { parameters, report, settle } from '../support/child.mjs'
import { writeShards } from '../support/shards.mjs'

const { path, count, frames, each } = parameters()
mkdirSync(path)
const files = await writeShards(path, count, frames)
await settle()
const start = performance.now()
if (each) for (const file of files) await writeReferences([file], `${file}.json`)
else await writeReferences(files, join(path, 'whole.json'))
const seconds = (performance.now() - start) / 1000
rmSync(path, { recursive: true })
report({ seconds })
