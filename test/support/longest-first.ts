import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, seconds on two cores; the others take less than ten. A fresh checkout has no times of its own to go by. */
const seconds: readonly (readonly [RegExp, number])[] = [
  [/build\/clone/, 106],
  [/faults\/faults/, 100],
  [/hostile\/mutants/, 80],
  [/build\/bare/, 53],
  [/values\/round-trip/, 40],
  [/build\/(install|node-versions|libraries)/, 36],
  [/hostile\/claims/, 30],
  [/cli\/import-dialects/, 26],
  [/build\/source/, 24],
  [/processes\/workers|frames\/recovery\/killed/, 22],
  [/refused-files|hostile\/untrusted|cli\/plot/, 16],
]

const cost = ({ moduleId }: TestSpecification): number => seconds.find(([name]) => name.test(moduleId))?.[1] ?? 0

/** Starts long files first, so that no core waits for the other at the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => cost(b) - cost(a))
  }
}
