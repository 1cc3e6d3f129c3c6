/** What a rig is told when its lines are not what they should be. `code` is for programs, the message for people. */
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
