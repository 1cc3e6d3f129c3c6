import { defineLayout } from 'h5tracks'
import { expect, test } from 'vitest'
import { program, run } from '../../support/process.js'
import { scratch } from '../../support/scratch.js'

// A file may take a megabyte only. The journal is smaller, so the writer fails in the middle of its run.

const noise = defineLayout({ group: 'noise', fields: { values: { type: 'float64', shape: [1000] } } })
const light = defineLayout({ group: 'light', fields: { volts: 'float32' } })

test.each([
  ['FrameWriter', 'new FrameWriter(path, noise, options)', 'writer'],
  ['FrameFileWriter', 'new FrameFileWriter(path, { noise, light }, options)', 'writer.writers.noise'],
])('the error that ends a %s names the way to resume the file with it', async (name, made, filled) => {
  const source = `import { defineLayout, FrameFileWriter, FrameWriter } from 'h5tracks'
    const path = process.argv[2]
    const noise = defineLayout(${JSON.stringify(noise.spec)})
    const light = defineLayout(${JSON.stringify(light.spec)})
    const options = { chunkFrames: 10, blocksInFlight: 1 }
    const writer = ${made}
    try {
      for (let frame = 0; frame < 1000; frame++) {
        ${filled}.writeFrame(frame, { values: Float64Array.from({ length: 1000 }, Math.random) })
        if (frame % 10 === 9) await ${filled}.drain()
      }
    } catch (error) {
      console.log(error.code, error.message)
    }`
  const limited = ['-c', 'ulimit -f 1024; exec "$0" "$@"', process.execPath, program(source), scratch()]
  const { stdout } = await run('bash', limited)
  expect(stdout).toMatch(/^EFBIG /)
  expect(stdout).toContain(`or recover() or ${name}.resume()\n`)
})
