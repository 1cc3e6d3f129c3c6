import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { python } from '../support/interpreter.js'
import { output, ROOT, runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// The programs of docs/layouts.md run as they are printed.

const page = readFileSync(join(ROOT, 'docs/layouts.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, source]) => source as string,
  )
const [tour, mice] = blocks('js') as [string, string]
const [inPython] = blocks('python') as [string]

let cwd: string
let printed: unknown[]
beforeAll(async () => {
  cwd = dirname(scratch('run.h5'))
  const before = `
    const pose = Array.from({ length: 17 }, (_, i) => [i, 2 * i])
    async function* frames() {
      for (let i = 0; i < 2500; i++) {
        if (i !== 1500) yield { index: i, time: i / 30, animals: [{ id: 3, keypoints: pose, box: [1, 2, 3, 4] }] }
      }
    }
    const detector = frames()
    const shown = []
    const show = (...frame) => shown.push(frame)`
  const after = `
    const { label } = shown[0][2][0]
    console.log(JSON.stringify([keypoints.shape, box.top.shape, shown.length, label, animal.keypoints.shape, gaps]))`
  const { code, stderr, stdout } = await runNode(`${before}\n${tour}\n${after}`, [], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  printed = JSON.parse(stdout)
})

test('the tour of docs/layouts.md writes a file and reads it', () => {
  const gap = { after: 1499, before: 1501, missing: 1 }
  expect(printed).toEqual([[1000, 5, 17, 2], [1000, 5, 4], 2499, 'idle', [2499, 17, 2], [gap]])
})

test('the Python program of docs/layouts.md reads the file of the tour', async () => {
  const after = `
print(present.sum(), keypoints.shape, labels, poses.sizes['frame'], poses.label.values[0, 0], boxes.top.dims[:2])`
  expect((await output(python(), ['-c', `${inPython}${after}`], { cwd })).trim().split('\n')).toEqual([
    "['frame', 'slot', 'node', 'space']",
    "2499 (2499, 5, 17, 2) {'idle': 0, 'feeding': 1} 2499 0 ('frame', 'slot')",
  ])
})

test('the program of docs/layouts.md that writes poses runs', async () => {
  expect(await runNode(mice, [], { cwd })).toMatchObject({ code: 0, stderr: '', stdout: '' })
})
