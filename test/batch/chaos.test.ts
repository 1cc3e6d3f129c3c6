import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { options, type Recording } from './chaos-worker.js'
import { expectWhole, sealedBy } from './whole-run.js'

// Workers are killed, or stopped and continued, at random moments, and a queue that delivers at least once gives their recordings to
// others. H5TRACKS_CHAOS=<faults> makes it longer: 1000 faults on 100 recordings take some minutes.

const FAULTS = Number(process.env.H5TRACKS_CHAOS ?? 30)
const WORKERS = 8
const RECORDINGS = Math.max(8, Math.ceil(FAULTS / 10))

/** An attempt that a fault has ended, or stopped. */
interface Victim {
  recording: Recording
  accepted: number
}

class Worker {
  readonly place = scratch('accepted')
  readonly child: ChildProcess
  recording: Recording | null = null
  ready = false
  /** Stopped, and replaced: what it does from now on must not count. */
  isZombie = false

  constructor(onMessage: (worker: Worker, said: Said) => void) {
    this.child = fork(join(ROOT, 'test/batch/chaos-worker.js'), [this.place])
    this.child.on('message', (said) => onMessage(this, said as Said))
  }

  /** Number of frames of the run that it has accepted. */
  get accepted(): number {
    return Number(readFileSync(this.place, 'utf8'))
  }
}

type Said =
  | { type: 'ready' }
  | { type: 'claimed'; epoch: number; nextFrame: number }
  | { type: 'sealed'; epoch: number }
  | { type: 'failed'; code: string; message: string }

/** A queue that delivers at least once, with its workers and their faults. */
class Chaos {
  readonly recordings: Recording[] = []
  readonly waiting: Recording[] = []
  readonly sealed = new Set<Recording>()
  readonly redone: number[] = []
  readonly surprises: string[] = []
  kills = 0
  stops = 0
  /** Attempts that ended with ERR_FENCED, without zombies. */
  fenced = 0
  /** Zombies that ended with ERR_FENCED. */
  fencedZombies = 0
  /** Zombies whose seal counts, because no later attempt had claimed the run. */
  sealedZombies = 0
  readonly #victims = new Map<Recording, Victim>()
  readonly #workers = new Set<Worker>()
  /** Workers that were killed and whose recordings wait for their end. */
  readonly #dying = new Set<Worker>()
  readonly #folder = dirname(scratch())

  #add(): void {
    const number = this.recordings.length
    const out = join(this.#folder, `recording-${number}`)
    const recording = { number, out, frames: 230 + 50 * (number % 4) + (number % 50) }
    this.recordings.push(recording)
    this.waiting.push(recording)
  }

  async run(faults: number): Promise<void> {
    for (let i = 0; i < RECORDINGS; i++) this.#add()
    for (let i = 0; i < WORKERS; i++) this.#start()
    while (this.kills + this.stops < faults) {
      // A slow machine has fewer faults a recording.
      if (this.waiting.length < WORKERS) this.#add()
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
      // Nearly always one that has written frames: most time is spent there in real runs, but not in such short ones.
      const anywhere = Math.random() < 0.1
      const busy = this.#busy().filter(({ isZombie, accepted }) => !isZombie && (anywhere || accepted > 0))
      const worker = busy[Math.floor(Math.random() * busy.length)]
      if (!worker) continue
      if (Math.random() < 0.5) this.#kill(worker)
      else this.#stop(worker)
    }
    // The rest is undisturbed. Zombies go on as well, and must find that they are fenced.
    await expect.poll(() => this.#open, { timeout: 600_000, interval: 50 }).toBe(0)
    for (const { child } of this.#workers) child.disconnect()
  }

  /** Number of recordings that wait, or that a worker has. */
  get #open(): number {
    return this.waiting.length + this.#busy().length + this.#dying.size
  }

  #busy(): Worker[] {
    return [...this.#workers].filter(({ recording }) => recording !== null)
  }

  #start(): void {
    this.#workers.add(new Worker((worker, said) => this.#heard(worker, said)))
  }

  #next(worker: Worker): void {
    worker.recording = this.waiting.shift() ?? null
    if (!worker.recording) return
    writeFileSync(worker.place, '')
    worker.child.send(worker.recording)
  }

  #giveToOthers({ recording, accepted }: Victim): void {
    this.#victims.set(recording, {
      recording,
      accepted: Math.max(accepted, this.#victims.get(recording)?.accepted ?? 0),
    })
    this.waiting.push(recording)
    for (const worker of this.#workers) if (worker.ready && worker.recording === null) this.#next(worker)
  }

  #kill(worker: Worker): void {
    this.kills++
    const recording = worker.recording!
    this.#workers.delete(worker)
    this.#dying.add(worker)
    worker.child.once('exit', () => {
      this.#dying.delete(worker)
      this.#giveToOthers({ recording, accepted: worker.accepted })
    })
    worker.child.kill('SIGKILL')
    this.#start()
  }

  #stop(worker: Worker): void {
    this.stops++
    worker.isZombie = true
    worker.child.kill('SIGSTOP')
    this.#giveToOthers({ recording: worker.recording!, accepted: worker.accepted })
    this.#start()
    setTimeout(() => worker.child.kill('SIGCONT'), 50 + Math.random() * 1000)
  }

  #heard(worker: Worker, said: Said): void {
    const recording = worker.recording
    if (said.type === 'ready') worker.ready = true
    if (said.type === 'claimed') {
      // A claim that a stopped worker made before is not that of its successor.
      const victim = worker.isZombie || !this.#workers.has(worker) ? undefined : this.#victims.get(recording!)
      if (victim) this.redone.push(victim.accepted - said.nextFrame)
      return
    }
    if (worker.isZombie) {
      this.#workers.delete(worker)
      worker.child.disconnect()
      worker.recording = null
      if (said.type === 'sealed' && sealedBy(recording!) === said.epoch) {
        this.sealedZombies++
        this.sealed.add(recording!)
      } else if (said.type === 'failed' && said.code === 'ERR_FENCED') this.fencedZombies++
      else this.surprises.push(`a zombie of recording ${recording!.number}: ${JSON.stringify(said)}`)
      return
    }
    if (said.type === 'sealed') this.sealed.add(recording!)
    // It was killed after it had said this.
    if (!this.#workers.has(worker)) return
    // Two attempts that begin at the same time: the later claim goes on.
    if (said.type === 'failed' && said.code === 'ERR_FENCED') this.fenced++
    else if (said.type === 'failed') this.surprises.push(`recording ${recording!.number}: ${JSON.stringify(said)}`)
    this.#next(worker)
  }
}

test(`${WORKERS} workers with ${FAULTS} kills and stops lose no frame, double none, redo at most a shard a fault, and every zombie is fenced`, async () => {
  const chaos = new Chaos()
  await chaos.run(FAULTS)
  const { recordings, kills, stops, fenced, fencedZombies, sealedZombies, redone, surprises } = chaos
  const most = Math.max(0, ...redone)
  console.log(
    `${recordings.length} recordings, ${kills} kills, ${stops} stops: ${fencedZombies} zombies and ${fenced} other attempts were fenced, ` +
      `${sealedZombies} zombies sealed before a later claim; redone: at most ${most} frames`,
  )
  expect(surprises).toEqual([])
  expect(chaos.sealed).toEqual(new Set(recordings))
  for (const recording of recordings) await expectWhole(recording)
  expect(most).toBeLessThanOrEqual(options.shardFrames)
  expect(most).toBeGreaterThan(0)
  expect(kills + stops).toBe(FAULTS)
  expect(fencedZombies + sealedZombies).toBe(stops)
  expect(fencedZombies).toBeGreaterThan(0)
})
