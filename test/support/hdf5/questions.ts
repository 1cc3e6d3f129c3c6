import { isDeepStrictEqual } from 'node:util'
import type { FileOptions } from 'h5tracks/h5wasm'
import { File, type Type } from 'h5tracks/hdf5'
import { expect } from 'vitest'
import { type Library, type Outcome, ours, outcome } from './both.js'
import { readsOthers } from './interop.js'

type Metadata = ReturnType<Library['guess_metadata']>
type Answers = Record<string, Outcome>

/** Every path in a file with the library's answers to all questions about it. */
function questions(library: Library, path: string, options: FileOptions = {}): Map<string, Answers> {
  const answers = new Map<string, Answers>()
  const file = new library.File(path, 'r', options)
  try {
    answers.set('file', { keys: outcome(() => file.keys()), paths: outcome(() => file.paths().sort()) })
    for (const name of ['/', ...file.paths().map((relative) => `/${relative}`)]) {
      const entity = file.get(name)
      // Looked up again for each question, since h5wasm changes the metadata of arrays when it reads them.
      answers.set(
        name,
        entityAnswers(library, () => file.get(name)),
      )
      if (entity === null || !('attrs' in entity)) continue
      const { attrs } = entity
      for (const attribute of Object.keys(attrs)) {
        answers.set(`${name}@${attribute}`, {
          ...values(() => attrs[attribute]!),
          get_value: outcome(() => entity.get_attribute(attribute, false)),
          get_json_value: outcome(() => entity.get_attribute(attribute, true)),
        })
      }
    }
  } finally {
    file.close()
  }
  return answers
}

function entityAnswers(library: Library, find: () => unknown): Answers {
  const { Dataset, Datatype, Group } = library
  const entity = find()
  const type = outcome(() => (entity as { type?: string } | null)?.type)
  if (entity instanceof Dataset) {
    const dataset = () => find() as typeof entity
    return {
      type,
      ...values(dataset),
      filters: outcome(() => entity.filters),
      labels: outcome(() => entity.get_dimension_labels()),
      scale: outcome(() => entity.get_scale_name()),
      scales: outcome(() => (entity.shape ?? []).map((_, axis) => entity.get_attached_scales(axis).sort())),
      targets: outcome(() => targets(entity)),
      up: outcome(() => [entity.parent.path, entity.root.path, entity.path]),
      corner: outcome(() => dataset().slice((entity.shape ?? []).map(() => [0, 2]))),
      rest: outcome(() => dataset().slice((entity.shape ?? []).map(() => [1, null, 2]))),
    }
  }
  if (entity instanceof Group) {
    return {
      type,
      keys: outcome(() => entity.keys()),
      text: outcome(() => entity.path),
      items: outcome(() => [...entity.items()].map(([key, of]) => [key, ...kindAndPath(of)])),
      values: outcome(() => [...entity.values()].map((of) => of?.constructor.name)),
      kinds: outcome(() => entity.keys().map((key) => entity.get_type(`${entity.path}/${key}`))),
      up: outcome(() => [entity.parent.path, entity.root.path]),
    }
  }
  if (entity instanceof Datatype) return { type, metadata: outcome(() => entity.metadata) }
  return { type, link: outcome(() => ({ ...(entity as object) })) }
}

function kindAndPath(of: unknown): unknown[] {
  const { type, path } = (of ?? {}) as { type?: string; path?: string }
  return [type, path]
}

/** The targets of the first object references. */
function targets(dataset: InstanceType<Library['Dataset']>): unknown {
  if (dataset.dtype !== 'Reference' || dataset.shape === null) return []
  return (dataset.value as InstanceType<Library['Reference']>[])
    .slice(0, 20)
    .map((reference) => (dataset.dereference(reference) as { path?: string } | null)?.path)
}

function values(
  of: () => {
    metadata: Metadata
    dtype: unknown
    shape: unknown
    value: unknown
    json_value: unknown
    to_array: () => unknown
  },
): Answers {
  return {
    metadata: outcome(() => of().metadata),
    dtype: outcome(() => of().dtype),
    shape: outcome(() => of().shape),
    value: outcome(() => of().value),
    json_value: outcome(() => of().json_value),
    to_array: outcome(() => of().to_array()),
  }
}

/** The differences that docs/h5wasm.md lists: by kind of type, the questions whose answers differ. */
export const differences: Record<string, { when: (type: Type) => boolean; questions: string }> = {
  'big-endian numbers inside other types': {
    when: hasInnerBigEndian,
    questions: 'value json_value to_array corner rest',
  },
  'numbers of other sizes and precisions': {
    when: (type) =>
      some(
        type,
        (part) =>
          (part.class === 'integer' && (part.precision !== undefined || ![1, 2, 4, 8].includes(part.size))) ||
          (part.class === 'float' && part.layout !== undefined),
      ),
    questions: 'value json_value to_array corner rest',
  },
  'padding of space-padded strings': {
    when: (type) =>
      some(type, (part) => part.class === 'string' && part.padding === 'space-padded' && part.size !== 'variable'),
    questions: 'value json_value to_array corner rest',
  },
  'UTF-8 in strings that say ASCII': {
    when: (type) => some(type, (part) => part.class === 'string' && part.charset === 'ascii'),
    questions: 'value json_value to_array corner rest',
  },
  'slices of arrays and of references': {
    when: (type) => type.class === 'array' || type.class === 'reference',
    questions: 'corner rest',
  },
  'lists of arrays on several axes': { when: (type) => type.class === 'array', questions: 'to_array' },
  'references in compounds': {
    when: (type) => type.class === 'compound' && some(type, (part) => part.class === 'reference'),
    questions: 'value json_value to_array corner rest',
  },
  'sizes of compounds with variable-length members': {
    when: (type) => some(type, (part) => part.class === 'compound' && some(part, isVariable)),
    questions: 'metadata',
  },
  'byte order of text': { when: (type) => some(type, isVariable), questions: 'metadata' },
  'lists of opaque values': {
    when: (type) => (type.class === 'opaque' || type.class === 'bitfield' || type.class === 'time') && type.size > 1,
    questions: 'to_array',
  },
  '64-bit members of enums': {
    when: (type) => some(type, (part) => part.class === 'enum' && part.base.size === 8),
    questions: 'metadata',
  },
  'dtype of wide floats': {
    when: (type) => some(type, (part) => part.class === 'float' && part.size > 8),
    questions: 'dtype',
  },
}

const isVariable = (type: Type) => type.class === 'vlen' || (type.class === 'string' && type.size === 'variable')

function parts(type: Type): Type[] {
  if (type.class === 'compound') return type.members.map((member) => member.type)
  return type.class === 'array' || type.class === 'vlen' || type.class === 'complex' || type.class === 'enum'
    ? [type.base]
    : []
}

function some(type: Type, test: (type: Type) => boolean): boolean {
  return test(type) || parts(type).some((part) => some(part, test))
}

function hasInnerBigEndian(type: Type): boolean {
  return parts(type).some((part) => some(part, (inner) => 'order' in inner && inner.order === 'big'))
}

/** Whether the path is an object of this file: not a dangling link and not one to another file. */
function isHere(file: File, path: string): boolean {
  try {
    return ['group', 'dataset', 'datatype'].includes(file.kindSync(path) ?? '')
  } catch {
    return false
  }
}

function typeAt(file: File, where: string): Type | null {
  const [path, attribute] = where.split('@') as [string, string?]
  if (path === 'file' || !isHere(file, path)) return null
  const object = file.getSync(path)
  if (attribute !== undefined) return object.attributes.infoSync(attribute).type
  return 'type' in object ? object.type : null
}

/** The differences that occurred. */
export const met = new Set<string>()

/** Compares all answers. Questions for which h5wasm throws are counted and not compared. */
export function expectSameAnswers(
  path: string,
  theirs: Library,
  refused: Record<string, string> = {},
): { same: number; different: number; only: number } {
  const [our, their] = [questions(ours, path, { external: readsOthers(path) }), questions(theirs, path)]
  expect([...our.keys()].sort()).toEqual([...their.keys()].sort())
  const counts = { same: 0, different: 0, only: 0 }
  using file = new File(path, 'r', { external: readsOthers(path) })
  for (const [where, answers] of their) {
    const type = typeAt(file, where)
    for (const [question, theirAnswer] of Object.entries(answers)) {
      const ourAnswer = our.get(where)![question]
      if ('threw' in theirAnswer || (where in refused && 'threw' in ourAnswer!)) counts.only++
      else if (isDeepStrictEqual(ourAnswer, theirAnswer)) counts.same++
      else {
        const known = Object.entries(differences).find(
          ([, { when, questions }]) =>
            type && when(type) && questions.split(' ').includes(question.replace('get_', '')),
        )
        if (!known) expect(ourAnswer, `${where} ${question}`).toEqual(theirAnswer)
        else met.add(known[0])
        counts.different++
      }
    }
  }
  return counts
}
