/** Access patterns: functions that read or write items, each with its requests and a sentence for the documentation. */

/** A request of DynamoDB, or a step that another access pattern sends in its transaction. */
export type Request =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem'
  | 'TransactWriteItems'
  | 'part of a transaction';

export interface AccessPattern {
  requests: Request[];
  description: string;
  access: (...input: never[]) => unknown;
}

const patterns = new WeakMap<object, AccessPattern>();

/** Returns the function, and remembers what it sends and does. */
export function accessPattern<F extends (...input: never[]) => unknown>(
  requests: Request | Request[],
  description: string,
  access: F,
): F {
  patterns.set(access, { requests: [requests].flat(), description, access });
  return access;
}

/** Returns the access patterns of an entity's store or steps. */
export function accessPatternsOf(store: object): AccessPattern[] {
  return Object.values(store).flatMap((access: unknown) => {
    const pattern = typeof access === 'function' ? patterns.get(access) : undefined;
    return pattern ?? [];
  });
}
