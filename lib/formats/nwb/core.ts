/** What every NWB file has. (Source: the schema of NWB 2.8 and of ndx-pose 0.2.) */
import { randomUUID } from 'node:crypto'
import type { File } from '../../hdf5/objects/file.js'
import type { Recording, WriteOptions } from '../core/format.js'
import { attributesOf, nameOf } from '../core/recordings.js'

/** Attributes of a recording that the file has places for. */
export const carriedAttributes = [
  ...[
    'names',
    'edge_inds',
    'fps',
    'scorer',
    'source_software',
    'source_software_version',
    'original_videos',
    'labeled_videos',
  ],
  ...[
    'description',
    'reference_frame',
    'confidence_definition',
    'position_unit',
    'position_conversion',
    'position_offset',
  ],
  ...['session_start_time', 'session_description', 'identifier', 'video_paths', 'video_path'],
]

const isDate = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)

/** Creates the groups and datasets that the schema demands. */
export async function writeCore(file: File, recording: Recording, { report }: WriteOptions): Promise<void> {
  const attributes = attributesOf(recording)
  const root: Record<string, string> = {
    namespace: 'core',
    neurodata_type: 'NWBFile',
    nwb_version: '2.8.0',
    object_id: randomUUID(),
  }
  for (const [name, value] of Object.entries(root)) await file.attributes.set(name, value)
  for (const name of [
    'acquisition',
    'analysis',
    'general',
    'processing',
    'stimulus',
    'stimulus/presentation',
    'stimulus/templates',
  ]) {
    await file.createGroup(name)
  }
  const now = new Date().toISOString().replace('Z', '+00:00')
  const start = isDate(attributes.session_start_time) ? attributes.session_start_time : '1970-01-01T00:00:00+00:00'
  if (start !== attributes.session_start_time) {
    report.guessed('session_start_time', `${start}; --metadata session_start_time=2026-11-30T10:00:00+00:00 gives it`)
  }
  const text = (name: string, other: string) =>
    typeof attributes[name] === 'string' ? (attributes[name] as string) : other
  const values: Record<string, string> = {
    identifier: text('identifier', randomUUID()),
    session_description: text('session_description', nameOf(recording)),
    session_start_time: start,
    timestamps_reference_time: start,
  }
  for (const [name, value] of Object.entries(values))
    await (await file.createDataset(name, { type: 'string' })).write(value)
  await (
    await file.createDataset('file_create_date', { type: 'string', shape: [1], maxShape: [null], chunks: [1] })
  ).write([now])
}
