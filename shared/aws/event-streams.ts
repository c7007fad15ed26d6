/**
 * Replaces the SDK's event streams in the bundles of the functions. The SDK loads them only for operations that stream
 * events, such as Lambda's `InvokeWithResponseStream`, and no function calls one; without them a bundle is 15 to 19 KB smaller.
 * The exports have the names and types of `@smithy/core/event-streams`.
 */

/** Creates nothing, since no operation in use asks for it. */
export const eventStreamSerdeProvider = (): object => ({});

/** Cannot be used: an operation that streams events must remove this replacement first. */
export function EventStreamSerde(): never {
  throw new Error('Event streams are not part of the bundles of the functions');
}

/** Adds nothing to the configuration of a client. */
export const resolveEventStreamSerdeConfig = <C>(config: C): C => config;
