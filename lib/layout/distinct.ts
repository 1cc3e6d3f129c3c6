/** Checks that the names in a layout do not collide. */
import { H5TracksError, show } from '../base/errors.js'
import type { Field } from './model.js'

function refuse(problem: string, field: string): never {
  throw new H5TracksError(`layout: ${problem}`, { code: 'ERR_INVALID_ARGUMENT', field })
}

/** Records, frames and columns are objects with a property for each field, and some have other properties besides. */
export function checkFieldNames(fields: readonly Field[], key: Field | null): void {
  const names = fields.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    refuse(`two fields have the name ${show(twice)}; the names of fields must be distinct`, twice)
  const reserved = ['cameraNames', 'metadata', ...(key && key.name !== 'key' ? ['key'] : [])]
  const taken = names.find((name) => reserved.includes(name))
  if (taken !== undefined) {
    refuse(`a field cannot have the name ${show(taken)}, as the results of reading have a property of that name`, taken)
  }
}

/** The datasets of fields, the groups of cameras and the scales of axes are members of one group. */
export function checkDatasetNames(fields: readonly Field[], labels: readonly string[]): void {
  const axes = axesOf(fields)
  const unused = labels.find((axis) => !axes.has(axis))
  if (unused !== undefined) refuse(`axes has labels for ${show(unused)}, but no field has an axis of that name`, unused)
  const owners = new Map<string, string>([...axes.keys()].map((axis) => [axis, `the axis ${show(axis)}`]))
  for (const { name, dataset } of fields) {
    const owner = owners.get(dataset)
    if (owner !== undefined) {
      refuse(`the field ${show(name)} and ${owner} are both stored as ${show(dataset)}; rename one of them`, name)
    }
    owners.set(dataset, `the field ${show(name)}`)
  }
}

/** The field of each axis. */
function axesOf(fields: readonly Field[]): Map<string, Field | null> {
  const axes = new Map<string, Field | null>([
    ['frame', null],
    ['slot', null],
  ])
  for (const field of fields) {
    for (const [i, axis] of field.axes.entries()) {
      const first = axes.get(axis)
      if (first === null)
        refuse(
          `the field ${show(field.name)} has an axis ${show(axis)}, which is the name of an axis of every layout`,
          field.name,
        )
      const length = first?.shape[first.axes.indexOf(axis)] ?? field.shape[i]
      if (first && length !== field.shape[i]) {
        const lengths = `${length} in ${show(first.name)} and ${field.shape[i]} in ${show(field.name)}`
        refuse(`the axis ${show(axis)} has the length ${lengths}; give one of them another name`, field.name)
      }
      axes.set(axis, first ?? field)
    }
  }
  return axes
}
