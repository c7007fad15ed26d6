/** The function that reads the stream, and that the HTTP function tries to invoke. */
export const handler = async (): Promise<unknown> => ({ batchItemFailures: [] });
