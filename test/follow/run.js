// Follows a writer at full speed, paced, and killed in the middle. Checks every frame, prints the measurements, and exits with 1
// when a promise was broken.
// npm run test:follow -- --frames 1000000 [--rate 10000] [--only paced] [--chunk-frames 1000] [--directory DIR] [--delays-unjudged]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { recover } from 'h5tracks'

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '10000' },
    'chunk-frames': { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    directory: { type: 'string', default: tmpdir() },
    'delays-unjudged': { type: 'boolean', default: false },
  },
})
const frames = Number(values.frames)
const directory = mkdtempSync(join(values.directory, 'h5tracks-follow-'))
let broken = 0
// This process is idle: when it has to wait for the CPU, the others do too.
const idle = monitorEventLoopDelay({ resolution: 1 })
idle.enable()
/** Longest wait of an idle process, in ms, up to which delays are judged. */
const quietMs = 20

/** @param {string} side @param {...unknown} args */
function start(side, ...args) {
  const program = fileURLToPath(new URL(side, import.meta.url))
  const child = spawn(process.execPath, [program, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  /** @type {Promise<void>} */
  const begun = new Promise((resolve) => child.stdout.once('data', () => resolve()))
  child.stdout.on('data', (chunk) => (text += chunk))
  /** The JSON that it printed at its end; null: it was killed. */
  const result = new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(null)
      else if (code === 0) resolve(JSON.parse(text.trim().split('\n').at(-1) ?? ''))
      else reject(new Error(`${side} ended with ${code ?? signal}`))
    })
  })
  const go = () => void child.stdin.write('go\n')
  return { child, begun, result, go }
}

/** @param {boolean} kept @param {string} promise */
function expect(kept, promise) {
  if (kept) return
  broken++
  console.log(`  BROKEN: ${promise}`)
}

/** @param {{ seconds: number, cpuSeconds: number }} writer */
function writing({ seconds, cpuSeconds }) {
  const perFrame = (1e6 * cpuSeconds) / frames
  return `${Math.round(frames / seconds)} frames/s, ${perFrame.toFixed(2)} us of CPU a frame`
}

async function alone() {
  const writer = start('writer.js', join(directory, 'alone.h5'), frames, 0, values['chunk-frames'])
  await writer.begun
  writer.go()
  const wrote = await writer.result
  console.log(`not followed: the writer ${writing(wrote)}`)
  return wrote.seconds
}

/**
 * @param {string} name
 * @param {number} rate frames/s; 0: full speed
 * @param {number} [killAfter] seconds
 */
async function followed(name, rate, killAfter) {
  const path = join(directory, `${name}.h5`)
  // A writer that will be killed writes until then.
  const writer = start('writer.js', path, killAfter === undefined ? frames : 2 ** 31, rate, values['chunk-frames'])
  await writer.begun
  const reader = start('reader.js', path)
  await reader.begun
  writer.go()
  idle.reset()
  const began = performance.now()
  if (killAfter !== undefined) {
    await setTimeout(1000 * killAfter)
    writer.child.kill('SIGKILL')
  }
  const wrote = await writer.result
  const writerEnded = performance.now()
  const read = await reader.result
  const { median, p99, max, late } = read
  console.log(`${name}: ${read.frames} frames came whole and in order; it ended: ${read.ended}`)
  console.log(`  delay: median ${median} ms, p99 ${p99} ms, max ${max} ms; ${late} of ${read.frames} above 50 ms`)
  console.log(`  the reader took ${((1e6 * read.cpuSeconds) / read.frames).toFixed(2)} us of CPU a frame`)
  if (wrote) console.log(`  the writer ${writing(wrote)}`)
  console.log(
    `  ${((performance.now() - began) / 1000).toFixed(1)} s, the last ${(
      (performance.now() - writerEnded) / 1000
    ).toFixed(1)} s after the writer's end`,
  )
  const stalled = idle.max / 1e6
  console.log(`  an idle process beside them waited for the CPU for up to ${stalled.toFixed(1)} ms`)
  const judged = rate > 0 && stalled < quietMs && !values['delays-unjudged']
  if (judged) expect(late === 0, 'every frame within 50 ms')
  else if (rate > 0 && late > 0)
    console.log('  the delay is not judged: this machine is too busy, or --delays-unjudged was given')
  if (wrote !== null) {
    expect(read.ended === 'closed' && read.frames === frames, `${frames} frames and a good end`)
  } else {
    const { frames: kept } = await recover(path)
    expect(read.ended === 'ERR_NEEDS_RECOVERY', 'ERR_NEEDS_RECOVERY at the end')
    expect(kept === read.frames, `as many frames as recover found, ${kept}`)
  }
  rmSync(path)
}

/** @param {string} name */
const isWanted = (name) => name.startsWith(values.only)

try {
  const killAfter = 0.3 + 0.4 * Math.random()
  const rate = Number(values.rate)
  if (isWanted('full-speed')) {
    const seconds = await alone()
    await followed('full-speed', 0)
    await followed('full-speed-killed', 0, killAfter * seconds)
  }
  if (isWanted('paced')) {
    await followed('paced', rate)
    await followed('paced-killed', rate, (killAfter * frames) / rate)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
console.log(broken === 0 ? 'every promise kept' : `${broken} promises broken`)
process.exitCode = broken === 0 ? 0 : 1
