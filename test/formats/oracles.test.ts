import { readFileSync } from 'node:fs'
import { loadSlp } from '@talmolab/sleap-io.js'
import { defineLayout, FrameReader, FrameWriter, poseLayout } from 'h5tracks'
import { convert } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { pandasAbsent } from '../support/formats/pandas.js'
import { framesOf } from '../support/formats/sleap.js'
import { runPython } from '../support/python.js'
import { withoutModules } from '../support/python-modules.js'
import { scratch } from '../support/scratch.js'

// Readers of other projects read what is written here. Those that Debian does not have are used where Python has them.

const cocoAbsent = withoutModules(['pycocotools'], ['none; pip install pycocotools'])
const arrowAbsent = withoutModules(['pyarrow', 'duckdb'], ['none; pip install pyarrow duckdb'])

const nodes = ['nose', 'tail', 'ear']
const point = (frame: number, animal: number, node: number) => [
  100 * animal + frame + node / 4,
  50 + 10 * node + animal / 2,
]

/** Two animals, of which the second comes and goes. */
async function poses(): Promise<string> {
  const path = scratch('poses.h5')
  await using writer = new FrameWriter(path, poseLayout({ nodes, edges: [['nose', 'tail']], dimensions: 2, max: 2 }), {
    metadata: { names: ['ann', 'bob'] },
  })
  for (let frame = 0; frame < 12; frame++) {
    const animals = frame % 3 === 0 ? [0] : [0, 1]
    const records = animals.map((individual) => ({
      individual,
      keypoints: nodes.map((_, node) => (frame === 5 && node === 1 ? [NaN, NaN] : point(frame, individual, node))),
      confidence: nodes.map((_, node) => 0.5 + node / 8),
    }))
    writer.writeFrame(frame, records as never, { time: frame / 30 })
  }
  return path
}

describe.skipIf(cocoAbsent)(`pycocotools ${cocoAbsent ?? ''}`, () => {
  test('reads the boxes of a file, and finds each of them again', async () => {
    const layout = defineLayout({
      group: 'tracks',
      slots: { name: 'individual', max: 3 },
      fields: { box: { type: 'float32', shape: [4] }, confidence: 'float32' },
    })
    const [from, to] = [scratch('boxes.h5'), scratch('boxes.json')]
    const box = (frame: number, animal: number) => [200 * animal + frame, 10.25, 30, 20.5 + frame]
    {
      await using writer = new FrameWriter(from, layout)
      for (let frame = 0; frame < 6; frame++) {
        writer.writeFrame(
          frame,
          [0, 1, 2].map((individual) => ({ individual, box: box(frame, individual), confidence: 0.75 })),
        )
      }
    }
    await convert(from, to)
    const found = JSON.parse(await runPython('coco_read.py', [to, 'boxes']))
    expect(found.precision).toBeCloseTo(1)
    expect(found.images).toHaveLength(6)
    const first = found.images[0][0] as number
    const expected = Array.from({ length: 18 }, (_, i) => [
      first + Math.floor(i / 3),
      box(Math.floor(i / 3), i % 3),
      null,
    ])
    expect(found.annotations).toEqual(expected)
  })

  test('reads keypoints with their visibility, and finds each pose again', async () => {
    const to = scratch('poses.json')
    await convert(await poses(), to)
    const found = JSON.parse(await runPython('coco_read.py', [to, 'keypoints']))
    expect(found.precision).toBeCloseTo(1)
    expect(found.annotations).toHaveLength(20)
    const [, , keypoints] = found.annotations[2] as [number, number[], number[]]
    expect(keypoints).toEqual(nodes.flatMap((_, node) => [...point(1, 1, node), 2]))
  })
})

describe.skipIf(arrowAbsent)(`pyarrow, and DuckDB over it ${arrowAbsent ?? ''}`, () => {
  test.each(['poses.arrow', 'poses.arrows', 'poses.feather'])('read %s', async (name) => {
    const to = scratch(name)
    await convert(await poses(), to)
    const query =
      'SELECT name, count(*), min(nose_x), sum(frame)::INT, count(tail_x) FROM "table" GROUP BY name ORDER BY name'
    const { rows, answer } = JSON.parse(await runPython('arrow_read.py', [to, query]))
    expect(answer).toEqual([
      ['ann', 12, 0, 66, 11],
      ['bob', 8, 101, 48, 7],
    ])
    expect(rows).toHaveLength(20)
    const [x, y] = point(1, 1, 2)
    expect(rows[2]).toMatchObject({ frame: 1, id: 1, name: 'bob', ear_x: x, ear_y: y, ear_confidence: 0.75 })
  })
})

describe.skipIf(pandasAbsent)(`SLEAP and DeepLabCut ${pandasAbsent ?? ''}`, () => {
  const expected = (frame: number, animal: number, node: number) =>
    (animal === 1 && frame % 3 === 0) || (frame === 5 && node === 1) ? [null, null] : point(frame, animal, node)

  test('a project becomes tables that pandas reads, and these a project that sleap-io.js reads', async () => {
    const [slp, csv, back] = [scratch('poses.slp'), scratch('poses.csv'), scratch('back.slp')]
    await convert(await poses(), slp)
    await convert(slp, csv, { to: 'deeplabcut-csv' })
    const { [csv]: table } = JSON.parse(await runPython('deeplabcut_read.py', [csv]))
    const columns = table.columns as string[][]
    for (const [i, frame] of (table.index as number[]).entries()) {
      for (const [animal, name] of ['ann', 'bob'].entries()) {
        for (const [node, part] of nodes.entries()) {
          const at = columns.findIndex((column) => column[1] === name && column[2] === part && column[3] === 'x')
          expect(table.values[i].slice(at, at + 2), `frame ${frame}, ${name}, ${part}`).toEqual(
            expected(frame, animal, node),
          )
        }
      }
    }
    await convert(csv, back)
    expect(framesOf(await loadSlp(readFileSync(back)))).toEqual(framesOf(await loadSlp(readFileSync(slp))))
  })
})

test('layouts that were written in step are converted, and the report says that the new file does not know it', async () => {
  const field = (group: string) => defineLayout({ group, slots: { name: 'id', max: 1 }, fields: { x: 'float32' } })
  const [from, to] = [scratch('two.h5'), scratch('copy.h5')]
  {
    await using writer = new FrameWriter(from, { first: field('first'), second: field('second') })
    for (let frame = 0; frame < 5; frame++) {
      writer.writeFrame(frame, {
        first: [{ id: 0, x: frame }],
        second: [{ id: 0, x: -frame }],
      } as never)
    }
  }
  const { report } = await convert(from, to)
  expect(report).toContainEqual(
    expect.objectContaining({ kind: 'lost', what: 'layouts in step (first, second)', count: 2 }),
  )
  using second = new FrameReader(to, 'second')
  expect([...((await second.read()).x as { data: Float32Array }).data]).toEqual([-0, -1, -2, -3, -4])
})
