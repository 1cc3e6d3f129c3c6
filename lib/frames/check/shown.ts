/** Shows values in the texts of findings. */
import { show } from '../../base/errors.js'
import { type Column, cellWidth } from '../../layout/model.js'
import { placeIn } from '../../layout/place.js'
import { numbersOf } from './numbers.js'
import type { Values } from './pieces.js'

const mostShown = 12

/** Shows `size` elements from `at` on, and where in the value of the record they are if there are others. */
export function element({ field }: Column, values: Values, at: number, size: number): string {
  const width = cellWidth(field)
  const { value } = field
  if (value.kind === 'string') {
    const start = at - (at % value.length)
    const text = Buffer.from(values.subarray(start, start + value.length) as Uint8Array).toString('latin1')
    return `${show(text)}${placeText(field.shape, (start % width) / value.length)}`
  }
  const part = values.subarray(at, at + size)
  const numbers = value.kind === 'float' ? numbersOf(field, part) : part
  const texts = Array.from(numbers as ArrayLike<number | bigint>, (number) =>
    shown(number, field.storage === 'float64'),
  )
  const list = size === 1 ? (texts[0] as string) : `(${texts.join(', ')})`
  return size === width ? list : `${list}${placeText(field.shape, at % width, size)}`
}

/** ' at [4, 1]', of a value with axes; the last axis is left out for a whole vector. */
function placeText(shape: readonly number[], index: number, size = 1): string {
  const axes = size > 1 ? shape.slice(0, -1) : shape
  return axes.length === 0 ? '' : ` at [${placeIn(Math.floor(index / size), axes).join(', ')}]`
}

/** Shows the first numbers of a list. */
export function shownList(numbers: readonly number[]): string {
  const list = numbers.slice(0, mostShown).join(', ')
  return numbers.length > mostShown ? `${list}, ...` : list
}

/** Formats a number, by default with the digits of a float32. */
export function shown(value: number | bigint | undefined, isDouble = false): string {
  const whole = typeof value !== 'number' || Number.isInteger(value) || isDouble
  return String(whole ? value : Number(value.toPrecision(7)))
}
