/**
 * What each function may touch, as data; permissions.ts turns a row into IAM statements.
 * A prefix is the start of a partition key; what may be done under it is said in the words of
 * `shared/storage/table.ts`, a transaction by its parts. Credentials (ACCOUNT#, LOGIN#, EMAIL#) belong to
 * `accounts` alone. A grant that nothing uses fails the tests, as one that is missing does.
 */
import type { FunctionName } from './functions.ts';

export type TablePrefix =
  | 'USER#'
  | 'ACCOUNT#'
  | 'LOGIN#'
  | 'EMAIL#'
  | 'ROOM#'
  | 'ROOMNAME#'
  | 'LOG#'
  | 'SENT#'
  | 'UNREAD#'
  | 'CONN#'
  | 'LIVE#'
  | 'TICKET#'
  | 'LIMIT#'
  | 'REVOKED#'
  | 'ERASE#';

export type IndexPrefix = 'USERNAMES#' | 'ROOMS#PUBLIC' | 'MEMBEROF#' | 'LEFT#';

/** The action of DynamoDB behind each verb of the table. There is none that reads without naming a key. */
export const actionOf = {
  get: 'GetItem',
  getMany: 'BatchGetItem',
  query: 'Query',
  put: 'PutItem',
  update: 'UpdateItem',
  remove: 'DeleteItem',
  writeMany: 'BatchWriteItem',
} as const;

export type Verb = keyof typeof actionOf;

/** What may be done to a WebSocket connection, by the method of the request. */
export type ConnectionMethod = 'POST' | 'DELETE';

export interface Grant {
  /** What may be done to items under each prefix. */
  items?: Partial<Record<TablePrefix, readonly Verb[]>>;
  /** Partition keys of the index `lookup`, to query. */
  lookup?: readonly IndexPrefix[];
  secrets?: readonly ('signingKey' | 'passwordPepper' | 'edgeKey' | 'contentHashKey')[];
  /** Post to WebSocket connections, look for them, and close them. */
  connections?: readonly ConnectionMethod[];
}

export const grants: Record<FunctionName, Grant> = {
  accounts: {
    items: {
      'USER#': ['getMany', 'put', 'update', 'remove'],
      'ACCOUNT#': ['get', 'getMany', 'query', 'put', 'update', 'remove', 'writeMany'],
      'LOGIN#': ['get', 'put', 'update'],
      'EMAIL#': ['remove'],
      'LIMIT#': ['get', 'getMany', 'update'],
      'REVOKED#': ['get', 'getMany', 'put'],
      'CONN#': ['getMany', 'update'],
      'LIVE#': ['query', 'update'],
      'ROOM#': ['getMany'],
      'LOG#': ['query'],
      'ERASE#': ['put'],
    },
    lookup: ['USERNAMES#', 'MEMBEROF#', 'LEFT#'],
    secrets: ['signingKey', 'passwordPepper', 'edgeKey'],
  },
  chat: {
    items: {
      'USER#': ['get'],
      'ROOM#': ['get', 'getMany', 'query', 'put', 'update', 'remove'],
      'ROOMNAME#': ['get', 'put', 'remove'],
      'LOG#': ['get', 'getMany', 'query', 'put', 'update'],
      'SENT#': ['put'],
      'UNREAD#': ['getMany', 'query', 'update'],
      'CONN#': ['getMany', 'update'],
      'LIVE#': ['query', 'remove'],
      'TICKET#': ['put'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    lookup: ['ROOMS#PUBLIC', 'MEMBEROF#'],
    secrets: ['signingKey', 'contentHashKey'],
  },
  docs: {},
  connect: {
    items: {
      'ROOM#': ['getMany', 'put'],
      'ROOMNAME#': ['get', 'put'],
      'CONN#': ['getMany', 'put', 'update', 'remove'],
      'LIVE#': ['query', 'put', 'update', 'remove'],
      'TICKET#': ['remove'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    secrets: ['signingKey'],
  },
  message: {
    items: {
      'ROOM#': ['get', 'getMany', 'put', 'update'],
      'ROOMNAME#': ['get', 'put'],
      'LOG#': ['get', 'getMany', 'query', 'put', 'update'],
      'SENT#': ['put'],
      'UNREAD#': ['update'],
      'CONN#': ['get', 'getMany', 'update', 'remove'],
      'LIVE#': ['query', 'put', 'update', 'remove'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    secrets: ['signingKey', 'contentHashKey'],
    connections: ['POST', 'DELETE'],
  },
  disconnect: {
    items: { 'CONN#': ['remove'] },
  },
  tableStream: {
    items: {
      'ROOM#': ['get', 'getMany', 'query', 'put', 'update', 'remove', 'writeMany'],
      'ROOMNAME#': ['put'],
      'LOG#': ['getMany', 'query', 'put', 'update', 'writeMany'],
      'UNREAD#': ['query', 'writeMany'],
      'CONN#': ['getMany', 'update', 'remove'],
      'LIVE#': ['query', 'put', 'remove', 'writeMany'],
      'ERASE#': ['put'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    lookup: ['MEMBEROF#', 'LEFT#'],
    connections: ['POST', 'DELETE'],
  },
  fanOut: {
    items: { 'CONN#': ['remove'] },
    connections: ['POST', 'DELETE'],
  },
};
