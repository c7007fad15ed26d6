/** Arguments for changing a message of which the tests of messages need no more. */

/** A change that is left to the table stream and not verified again. */
export const unverified = { isPublishedByStream: () => true, verify: undefined };
