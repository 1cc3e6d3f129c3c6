/** What the values of a column must be. */

import { fillNumber } from '../../layout/half.js'
import { type Column, cellWidth, type Field } from '../../layout/model.js'
import { halvesOf, numbersOf } from './numbers.js'
import type { Values } from './pieces.js'
import type { FindingCode } from './report.js'
import * as scan from './scan.js'
import type { CheckTerms } from './terms.js'

/** A rule for the values of a column. */
export interface Rule {
  code: FindingCode
  /** Says what is wrong with the value at an index. */
  text(values: Values, at: number): string
  /** Number of elements that the rule is about: those of a vector or of a text, else 1. */
  size: number
  find(values: Values, found: scan.Found): void
}

/** The rules for a column of a layout. */
export function rulesOf({ field }: Column, terms: CheckTerms): Rule[] {
  const own = terms.isTracking ? trackingRule(field) : undefined
  const rules = own ? [own] : [rangeRule(field), typeRule(field)]
  return [...rules, partialRule(field, terms)].filter((rule) => rule !== undefined)
}

/** Finds values other than the fill value in empty slots. */
export function findInEmpty(column: Column, values: Values, empty: scan.Cells, found: scan.Found): void {
  const { field, type } = column
  const width = cellWidth(field)
  if (type === 'bool' || type === 'uint8') {
    scan.bytesNotFill(values as Uint8Array, empty, width, field.fill, found)
    return
  }
  if (type === 'int64' || type === 'uint64') {
    const [low, high] = halvesOf(BigInt64Array.of(BigInt.asIntN(64, BigInt(field.fill)))) as unknown as [number, number]
    scan.widesNotFill(halvesOf(values as BigInt64Array), empty, width, [low, high], found)
    return
  }
  const [numbers, fill] = [numbersOf(field, values), fillNumber(field)]
  if (numbers instanceof Int32Array) scan.intsNotFill(numbers, empty, width, fill, found)
  else if (numbers instanceof Float32Array) scan.floatsNotFill(numbers, empty, width, fill, found)
  else scan.doublesNotFill(numbers, empty, width, fill, found)
}

/** Rules of AquaPose's files, which have their own codes and texts. */
function trackingRule(field: Field): Rule | undefined {
  const negative = (text: string): Rule => ({ ...(rangeRule(field) as Rule), code: 'negative-value', text: () => text })
  if (field.name === 'cameraAssignments') return negative('the index of a detection is below -1')
  if (field.name === 'nCameras') return negative('a number of cameras is below 0')
  if (field.name !== 'bboxes') return undefined
  return {
    code: 'partial-box',
    text: () => 'a box whose third or fourth number is -1, as if there were no box',
    size: 4,
    find: (values, found) => scan.partialBoxes(values as Int32Array, found),
  }
}

function rangeRule(field: Field): Rule | undefined {
  if (field.range === null) return undefined
  const [least, most] = field.range
  const fill = fillNumber(field)
  return {
    code: 'out-of-range',
    text: () => `a value outside the range of the field, ${least} to ${most}`,
    size: 1,
    find(values, found) {
      const numbers = numbersOf(field, values)
      if (numbers instanceof Int32Array) scan.intsOutside(numbers, least, most, fill, found)
      else if (numbers instanceof Float32Array) scan.floatsOutside(numbers, least, most, fill, found)
      else scan.doublesOutside(numbers, least, most, fill, found)
    },
  }
}

function typeRule(field: Field): Rule | undefined {
  const { value } = field
  if (value.kind === 'bool') {
    const find: Rule['find'] = (values, found) => scan.notFlags(values as Uint8Array, found)
    return { code: 'not-a-flag', text: () => 'neither 0 nor 1', size: 1, find }
  }
  if (value.kind === 'string') {
    const text = () => 'a text that is not UTF-8, or that has bytes after its end (NUL)'
    const find: Rule['find'] = (values, found) => scan.notTexts(values as Uint8Array, value.length, found)
    return { code: 'not-text', text, size: value.length, find }
  }
  if (value.kind !== 'enum') return undefined
  const members = new Set(value.members.values())
  const names = [...value.members].map(([name, n]) => `${name} (${n})`).join(', ')
  return {
    code: 'not-a-member',
    text: () => `a number that is none of the members ${names}`,
    size: 1,
    find: (values, found) => scan.notMembers(numbersOf(field, values) as Int32Array, members, found),
  }
}

function partialRule(field: Field, { aVector }: CheckTerms): Rule | undefined {
  const { value, partial, shape } = field
  if (value.kind !== 'float' || partial !== 'refuse') return undefined
  const size = shape.at(-1) ?? 1
  return {
    code: 'partial-position',
    text(values, at) {
      const numbers = numbersOf(field, values.subarray(at, at + size)) as Float32Array
      if (numbers.some(Number.isNaN) && numbers.some(Number.isFinite)) {
        return `${aVector} of which a part is not known (NaN)`
      }
      return `${aVector} that is not finite`
    },
    size,
    find(values, found) {
      const numbers = numbersOf(field, values)
      if (numbers instanceof Float32Array) scan.partialFloats(numbers, size, found)
      else scan.partialDoubles(numbers as Float64Array, size, found)
    },
  }
}
