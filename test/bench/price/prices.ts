/**
 * The prices of AWS in us-east-1, in dollars without a free tier, from its pricing pages of November 2026; and
 * assumptions about a message for what is not counted.
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
  /** Milliseconds that a function takes besides waiting. */
  handlerMs: 5,
  /** Milliseconds of one round trip to the table. */
  databaseMs: 5,
  /** Milliseconds of one post, and how many posts run concurrently. */
  postMs: 10,
  concurrentPosts: 50,
  /** Processor time of a post with the memory of the functions, which is less than a third of a core. */
  postCpuMs: 0.3,
  /** Memory of the functions that receive and post messages. */
  memoryGb: 0.5,
  /** An event that is posted to a client, and an answer over HTTP, headers included. */
  eventBytes: 450,
  httpAnswerBytes: 2_000,
} as const;
