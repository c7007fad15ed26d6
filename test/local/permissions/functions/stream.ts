/** The function that the stream goes to, and that the HTTP function invokes. */
export const handler = async (): Promise<unknown> => ({ batchItemFailures: [] });
