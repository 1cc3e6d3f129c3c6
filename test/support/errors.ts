import { H5TracksError } from 'h5tracks'
import { expect } from 'vitest'

/** Runs an action that must fail and returns its H5TracksError; success, or an error of another class, fails the test. */
export async function failure(action: () => unknown): Promise<H5TracksError> {
  let value: unknown
  try {
    value = await action()
  } catch (error) {
    expect(error).toBeInstanceOf(H5TracksError)
    return error as H5TracksError
  }
  throw new Error(`should have failed, but gave ${String(value)}`)
}
