/**
 * What AWS charges in us-east-1, in dollars without any free tier, as its pricing pages gave it in November 2026; and
 * what is assumed of a message where it is not counted. The only place for both.
 */

export const prices = {
  /** WebSocket messages of up to 32 KB, in either direction. */
  perMillionSocketMessages: 1.0,
  perMillionConnectionMinutes: 0.25,
  perMillionHttpRequests: 1.0,
  /** DynamoDB on demand. */
  perMillionWriteUnits: 0.625,
  perMillionReadUnits: 0.125,
  perMillionInvocations: 0.2,
  /** Lambda on arm64. */
  perGbSecond: 0.0000133334,
  perGbOut: 0.09,
} as const;

export const assumptions = {
  /** What a function takes besides waiting, in milliseconds. */
  handlerMs: 5,
  /** One round trip to the table. */
  databaseMs: 5,
  /** One post, and how many are under way at a time. */
  postMs: 10,
  postsAtOnce: 50,
  /** Processor time for a post at the memory that the functions have, which is less than a third of a core. */
  postCpuMs: 0.3,
  /** Of the functions that take messages and post them. */
  memoryGb: 0.5,
  /** An event on its way to a client, and an answer over HTTP, headers included. */
  eventBytes: 450,
  httpAnswerBytes: 2_000,
} as const;
