import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.js'

// A PostgreSQL server in a temporary folder, on the loopback address. It refuses to run as root, so it runs as the user of Debian's
// package then.

const programs = '/usr/lib/postgresql'
const bin = existsSync(programs)
  ? readdirSync(programs)
      .map((version) => join(programs, version, 'bin'))
      .findLast((folder) => existsSync(join(folder, 'initdb')))
  : undefined
const isRoot = process.getuid?.() === 0

/** Why there is no PostgreSQL here; undefined if there is. */
export const noPostgres =
  bin === undefined ? 'PostgreSQL is not installed (Debian: apt-get install postgresql)' : undefined

function ids(): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? []
  if (uid === undefined) throw new Error('there is no user postgres')
  return { uid: Number(uid), gid: Number(gid) }
}

function call(program: string, args: string[]): void {
  const options: SpawnSyncOptionsWithStringEncoding = {
    ...ids(),
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }
  // A server that pg_ctl starts keeps the pipes open; it logs to a file.
  const { status, stderr, stdout, error } = spawnSync(join(bin!, program), args, { ...options, timeout: 60_000 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${error ?? `${stdout}${stderr}`}`)
}

export interface Postgres extends AsyncDisposable {
  /** For `new PgBoss(url)`. */
  url: string
  /** Stops the server as a crash does, and starts it again. */
  restart(): void
}

export async function startPostgres(): Promise<Postgres> {
  // Directly in the temporary folder, because others may not enter those of `scratch`.
  const folder = mkdtempSync(join(tmpdir(), 'h5tracks-postgres-'))
  const owner = ids()
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  call('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'])
  const port = await freePort()
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=500 -c fsync=off`
  const start = () => call('pg_ctl', ['-D', data, '-w', '-s', '-l', join(folder, 'log'), '-o', settings, 'start'])
  const stop = () => call('pg_ctl', ['-D', data, '-w', '-s', '-m', 'immediate', 'stop'])
  start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    restart() {
      stop()
      start()
    },
    async [Symbol.asyncDispose]() {
      stop()
      rmSync(folder, { recursive: true })
    },
  }
}
