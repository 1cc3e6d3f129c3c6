/** Recordings on their way into a project. */
import type { Recording } from '../../core/format.js'
import { attributesOf } from '../../core/recordings.js'
import type { PoseReader } from '../../poses/output.js'
import type { PoseSurvey } from '../../poses/survey.js'

/** A recording with what is known of it before it is written. */
export interface Labelled {
  readonly recording: Recording
  readonly poses: PoseReader
  readonly survey: PoseSurvey
}

/** The attributes of a recording that are texts. */
export function textOf(recording: Recording, name: string): string | undefined {
  const value = attributesOf(recording)[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
