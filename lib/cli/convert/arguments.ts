/** The options of the command line `convert`. */

/** Those of formats, under the names of their options. */
export interface ConvertArguments {
  readonly from?: string
  readonly to?: string
  readonly list: boolean
  readonly overwrite: boolean
  readonly json: boolean
  readonly recording?: string[]
  readonly [option: string]: unknown
}
