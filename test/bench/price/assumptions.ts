/** Assumptions about a message for what is not counted. */

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
  /** A line of an access log, with what CloudWatch Logs adds to it. */
  accessLogBytes: 280,
} as const;
