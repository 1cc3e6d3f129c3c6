import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

/** What a worker says of an attempt. `epoch` of an attempt that failed is that of its claim. */
export interface Line {
  at: number
  pid: number
  type: 'started' | 'claimed' | 'sealed' | 'failed'
  number: number
  epoch?: number
  nextFrame?: number
  code?: string
  message?: string
}

/** Processes that take recordings from pg-boss, and what they report. */
export class Workers implements AsyncDisposable {
  readonly #node: string
  readonly #url: string
  readonly #reports: string
  readonly #alive = new Set<ChildProcess>()
  readonly #stopped = new Set<ChildProcess>()

  constructor(node: string, url: string, reports: string) {
    this.#node = node
    this.#url = url
    this.#reports = reports
  }

  start(): void {
    const child = spawn(this.#node, [join(ROOT, 'test/batch/pg-boss-worker.js'), this.#url, this.#reports], {
      stdio: 'ignore',
    })
    this.#alive.add(child)
    child.once('exit', () => this.#alive.delete(child))
  }

  /** Those that have claimed a run and were never stopped. */
  writing(): ChildProcess[] {
    return [...this.#alive].filter(
      (child) => !this.#stopped.has(child) && this.linesOf(child.pid!).at(-1)?.type === 'claimed',
    )
  }

  /** Pids of those that are alive and have begun an attempt that has not ended. */
  unfinished(): number[] {
    const pids = [...this.#alive].map(({ pid }) => pid!)
    return pids.filter((pid) => ['started', 'claimed'].includes(this.linesOf(pid).at(-1)?.type ?? ''))
  }

  async kill(child: ChildProcess): Promise<void> {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  /** Stops a worker, and lets it go on after some time. */
  stop(child: ChildProcess, milliseconds: number): void {
    child.kill('SIGSTOP')
    this.#stopped.add(child)
    setTimeout(() => child.kill('SIGCONT'), milliseconds)
  }

  accepted(pid: number): number {
    return Number(readFileSync(join(this.#reports, `${pid}.accepted`), 'utf8'))
  }

  linesOf(pid: number): Line[] {
    return this.#read(`${pid}.jsonl`)
  }

  /** All lines in the order of time. */
  lines(): Line[] {
    const names = readdirSync(this.#reports).filter((name) => name.endsWith('.jsonl'))
    return names.flatMap((name) => this.#read(name)).sort((a, b) => a.at - b.at)
  }

  #read(name: string): Line[] {
    let text = ''
    try {
      text = readFileSync(join(this.#reports, name), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    // A worker that is killed may leave half a line.
    const whole = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)
    return whole.map((line) => JSON.parse(line))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#alive].map((child) => this.kill(child)))
  }
}
