import { createWriteStream, statSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { FrameReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Inputs above the buffers of the readers, so that a reader that keeps all of it exceeds the bound.

const MIB = 2 ** 20

/** Converts in a process of its own; returns the most memory that it took, in MiB. */
async function peak(from: string, to: string): Promise<number> {
  const source = `import { convert } from 'h5tracks/formats'
await convert(process.argv[2], process.argv[3])
console.log(process.resourceUsage().maxRSS / 1024)`
  const { code, stdout, stderr } = await runNode(source, [from, to])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return Number(stdout)
}

async function write(path: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(path)
  for (const line of lines)
    if (!out.write(line)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  out.end()
  await finished(out)
}

describe('memory', () => {
  test('of a table whose rows are sorted by animal stays below 256 MiB, and its frames are in order', async () => {
    const [from, to, back] = [scratch('big.csv'), scratch('big.h5'), scratch('back.csv')]
    const [animals, frames] = [6, 150_000]
    await write(
      from,
      (function* () {
        yield 'frame,id,x,y,speed,heading\n'
        for (let id = 0; id < animals; id++) {
          for (let frame = 0; frame < frames; frame++)
            yield `${frame},${id},${frame % 1000}.25,${id}.5,${frame / 7},${frame / 3}\n`
        }
      })(),
    )
    expect(statSync(from).size).toBeGreaterThan(40 * MIB)
    expect(await peak(from, to)).toBeLessThan(256)
    using reader = new FrameReader(to)
    expect(reader.length).toBe(frames)
    const { frameIndex, individual, x, speed } = (await reader.read({
      start: 99_990,
      stop: 99_992,
    })) as never as Record<string, { data: ArrayLike<number> }>
    expect(Array.from(frameIndex!.data)).toEqual([99_990n, 99_991n])
    expect(Array.from(individual!.data)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
    expect(Array.from(x!.data).slice(5, 7)).toEqual([990.25, 991.25])
    expect(speed!.data[0]).toBe(99_990 / 7)
    expect(await peak(to, back)).toBeLessThan(256)
  })

  test('of a COCO file stays below 256 MiB', async () => {
    const [from, to] = [scratch('big.json'), scratch('big.h5')]
    await write(
      from,
      (function* () {
        yield '{"images":['
        for (let i = 0; i < 10_000; i++)
          yield `${i ? ',' : ''}{"id":${i},"file_name":"frame_${i}.jpg","width":640,"height":480}`
        yield '],"annotations":['
        for (let i = 0; i < 50_000; i++) {
          const mask = Array.from({ length: 60 }, (_, k) => k + i).join()
          yield `${i ? ',' : ''}{"id":${i + 1},"image_id":${i % 10_000},"category_id":1,"track_id":${Math.floor(i / 10_000)},"bbox":[1,2,3,4],"segmentation":[[${mask}]]}`
        }
        yield '],"categories":[{"id":1,"name":"fish"}]}'
      })(),
    )
    expect(statSync(from).size).toBeGreaterThan(20 * MIB)
    expect(await peak(from, to)).toBeLessThan(256)
    using reader = new FrameReader(to)
    expect([reader.length, reader.slots]).toEqual([10_000, 5])
  })
})
