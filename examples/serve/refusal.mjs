/** The error in the answer to a rig that sends invalid lines. `code` is for programs, the message for people. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ lastFrameIndex?: number }} [more]
   */
  constructor(code, message, more = {}) {
    super(message)
    this.code = code
    this.more = more
  }
}
