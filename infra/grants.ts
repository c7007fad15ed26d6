/**
 * What each function may touch, as data; permissions.ts turns a row into IAM statements.
 * A prefix is the start of a partition key. `write` includes reading. Credentials (ACCOUNT#, LOGIN#,
 * EMAIL#) belong to `accounts` alone.
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
  | 'CONN#'
  | 'LIVE#'
  | 'TICKET#'
  | 'LIMIT#'
  | 'REVOKED#';

export type IndexPrefix = 'USERNAMES#' | 'ROOMS#PUBLIC' | 'MEMBEROF#';

export interface Grant {
  read?: readonly TablePrefix[];
  write?: readonly TablePrefix[];
  /** Items to delete, unread. */
  remove?: readonly TablePrefix[];
  /** Partition keys of the index `lookup`, to query. */
  lookup?: readonly IndexPrefix[];
  secrets?: readonly ('signingKey' | 'passwordPepper')[];
  /** Post to WebSocket connections and close them. */
  connections?: boolean;
}

export const grants: Record<FunctionName, Grant> = {
  accounts: {
    write: ['USER#', 'ACCOUNT#', 'LOGIN#', 'EMAIL#', 'LIMIT#', 'REVOKED#', 'CONN#', 'LIVE#'],
    lookup: ['USERNAMES#'],
    secrets: ['signingKey', 'passwordPepper'],
  },
  chat: {
    read: ['USER#'],
    write: ['ROOM#', 'ROOMNAME#', 'LOG#', 'SENT#', 'CONN#', 'LIVE#', 'TICKET#'],
    lookup: ['ROOMS#PUBLIC', 'MEMBEROF#'],
    secrets: ['signingKey'],
  },
  docs: {},
  connect: {
    read: ['REVOKED#'],
    write: ['ROOM#', 'ROOMNAME#', 'CONN#'],
    remove: ['TICKET#'],
    secrets: ['signingKey'],
  },
  message: {
    read: ['REVOKED#'],
    write: ['CONN#', 'ROOM#', 'ROOMNAME#', 'LOG#', 'SENT#', 'LIVE#'],
    secrets: ['signingKey'],
    connections: true,
  },
  disconnect: {
    remove: ['CONN#'],
  },
  react: {
    read: ['REVOKED#'],
    write: ['CONN#', 'ROOM#', 'LOG#', 'LIVE#'],
    connections: true,
  },
  deliver: {
    remove: ['CONN#'],
    connections: true,
  },
};
