import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './ports.js'
import { output } from './process.js'

// A Ceph cluster of one monitor, one OSD in memory and one gateway for S3, on the loopback address. It takes some 15 s to start.

/** Why there is no Ceph here; undefined if there is. */
export const noRadosgw = ['ceph-mon', 'ceph-osd', 'radosgw'].every((name) => existsSync(join('/usr/bin', name)))
  ? undefined
  : 'Ceph is not installed (Debian: apt-get install ceph-mon ceph-osd radosgw)'

export interface Radosgw extends AsyncDisposable {
  url: string
  accessKeyId: string
  secretAccessKey: string
}

const settings = (folder: string, fsid: string, port: number) => `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${port}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = ${folder}/keyring
mon data = ${folder}/mon
osd data = ${folder}/osd
run dir = ${folder}
admin socket = ${folder}/$name.asok
log file = ${folder}/$name.log
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd class load list = *
osd class default list = *
mon allow pool size one = true
mon data avail crit = 1
`

export async function startRadosgw(): Promise<Radosgw> {
  const folder = mkdtempSync(join(tmpdir(), 'h5tracks-ceph-'))
  for (const name of ['mon', 'osd']) mkdirSync(join(folder, name))
  const [fsid, osd, monitor, gateway] = [randomUUID(), randomUUID(), await freePort(), await freePort()]
  writeFileSync(join(folder, 'ceph.conf'), settings(folder, fsid, monitor))
  const options = { cwd: folder, env: { CEPH_CONF: join(folder, 'ceph.conf') } }
  const call = (program: string, ...args: string[]) => output(program, args, options)
  const daemons: ChildProcess[] = []
  const start = (program: string, ...args: string[]) => {
    daemons.push(
      spawn(program, ['-f', ...args], { cwd: folder, env: { ...process.env, ...options.env }, stdio: 'ignore' }),
    )
  }
  const dispose = async () => {
    await Promise.all(
      daemons.map((daemon) => {
        const ended = new Promise((resolve) => daemon.once('exit', resolve))
        return daemon.exitCode === null && daemon.kill('SIGKILL') ? ended : undefined
      }),
    )
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const all = ['mon', 'osd', 'mgr'].flatMap((part) => ['--cap', part, 'allow *'])
    await call('ceph-authtool', '--create-keyring', 'keyring', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *')
    await call('ceph-authtool', 'keyring', '--gen-key', '-n', 'client.admin', ...all)
    await call('monmaptool', '--create', '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, '--fsid', fsid, 'monmap')
    await call('ceph-mon', '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring')
    start('ceph-mon', '-i', 'a')
    await call('ceph', 'osd', 'new', osd)
    await call(
      'ceph',
      'auth',
      'get-or-create',
      'osd.0',
      'mon',
      'allow profile osd',
      'osd',
      'allow *',
      '-o',
      'osd.keyring',
    )
    await call('ceph-osd', '--mkfs', '-i', '0', '--osd-uuid', osd, '--keyring', 'osd.keyring')
    start('ceph-osd', '-i', '0', '--keyring', 'osd.keyring')
    start('radosgw', '-n', 'client.admin', `--rgw-frontends=beast endpoint=127.0.0.1:${gateway}`)
    const url = `http://127.0.0.1:${gateway}`
    for (let tries = 0; !(await fetch(url).catch(() => null)); tries++) {
      if (tries === 240) throw new Error(`radosgw does not answer at ${url}`)
      await sleep(250)
    }
    const keys = { accessKeyId: 'lab', secretAccessKey: 'secret' }
    const named = ['--uid', 'lab', '--display-name', 'lab']
    await call(
      'radosgw-admin',
      'user',
      'create',
      ...named,
      '--access-key',
      keys.accessKeyId,
      '--secret-key',
      keys.secretAccessKey,
    )
    return { url, ...keys, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
