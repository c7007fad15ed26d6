/**
 * The permissions of each function, as data; permissions.ts turns a row into IAM statements. An item grant names the start
 * of a partition key and the operations of `shared/storage/table.ts` that are allowed under it; for a transaction, those of
 * its parts. Only `accounts` may access credentials (ACCOUNT#, LOGIN#, EMAIL#). A test fails for a grant that is missing
 * and for one that is not used.
 */
import type { FunctionName } from './functions.ts';
import type { StageSettings } from './stages.ts';

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
  | 'UPLOAD#'
  | 'FILES#'
  | 'ERASE#'
  | 'CANARY#';

export type IndexPrefix = 'USERNAMES#' | 'ROOMS#PUBLIC' | 'MEMBEROF#' | 'LEFT#';

/** The DynamoDB action of each operation of the table. None of them reads without a key, as Scan does. */
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

/** The methods of the connections API: POST sends to a WebSocket connection, DELETE closes it. */
export type ConnectionMethod = 'POST' | 'DELETE';

/** The folders of the bucket of files. */
export type ObjectPrefix = 'incoming/' | 'files/' | 'pictures/';

/** The actions of S3 on objects; `list` is one on the bucket, with the start of the listed keys. */
export const objectActionOf = {
  get: 'GetObject',
  put: 'PutObject',
  tag: 'PutObjectTagging',
  remove: 'DeleteObject',
  untag: 'DeleteObjectTagging',
  list: 'ListBucket',
} as const;

export type ObjectVerb = keyof typeof objectActionOf;

export interface Grant {
  /** The operations that are allowed on items under each prefix. */
  items?: Partial<Record<TablePrefix, readonly Verb[]>>;
  /** The partition keys of the index `lookup` that may be queried, by their prefix. */
  lookup?: readonly IndexPrefix[];
  secrets?: readonly (
    'signingKey' | 'passwordPepper' | 'edgeKey' | 'contentHashKey' | 'canaryKey' | 'filesKey'
  )[];
  /** What is allowed in each folder of the bucket of files. */
  objects?: Partial<Record<ObjectPrefix, readonly ObjectVerb[]>>;
  connections?: readonly ConnectionMethod[];
}

export const grants: Record<FunctionName, Grant> = {
  accounts: {
    items: {
      'USER#': ['get', 'getMany', 'put', 'update', 'remove'],
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
      'UPLOAD#': ['put'],
      'FILES#': ['put'],
    },
    lookup: ['USERNAMES#', 'MEMBEROF#', 'LEFT#'],
    secrets: ['signingKey', 'passwordPepper', 'edgeKey', 'filesKey'],
    // The forms of profile pictures are signed with its role.
    objects: { 'incoming/': ['put'] },
  },
  chat: {
    items: {
      'USER#': ['get', 'getMany'],
      'ROOM#': ['get', 'getMany', 'query', 'put', 'update', 'remove'],
      'ROOMNAME#': ['get', 'put', 'remove'],
      'LOG#': ['get', 'getMany', 'query', 'put', 'update'],
      'SENT#': ['get', 'put'],
      'UPLOAD#': ['get', 'getMany', 'put', 'update'],
      'UNREAD#': ['getMany', 'query', 'update'],
      'CONN#': ['getMany', 'update'],
      'LIVE#': ['query', 'remove'],
      'TICKET#': ['put'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    lookup: ['ROOMS#PUBLIC', 'MEMBEROF#'],
    secrets: ['signingKey', 'contentHashKey', 'filesKey'],
    // The forms of uploads are signed with its role.
    objects: { 'incoming/': ['put'] },
  },
  docs: { items: { 'CANARY#': ['get'] } },
  connect: {
    items: {
      'ROOM#': ['getMany', 'put', 'update'],
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
      'SENT#': ['get', 'put'],
      'UPLOAD#': ['getMany', 'update'],
      'UNREAD#': ['update'],
      'CONN#': ['get', 'getMany', 'update', 'remove'],
      'LIVE#': ['query', 'put', 'update', 'remove'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    lookup: ['MEMBEROF#'],
    secrets: ['signingKey', 'contentHashKey', 'filesKey'],
    connections: ['POST', 'DELETE'],
  },
  disconnect: {
    items: { 'CONN#': ['remove'] },
  },
  tableStream: {
    items: {
      'USER#': ['getMany'],
      'ROOM#': ['get', 'getMany', 'query', 'put', 'update', 'remove'],
      'LOG#': ['getMany', 'query', 'put'],
      'UNREAD#': ['getMany', 'query'],
      'CONN#': ['getMany', 'update', 'remove'],
      'LIVE#': ['query', 'put', 'remove', 'writeMany'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    secrets: ['filesKey'],
    connections: ['POST', 'DELETE'],
  },
  fanOut: {
    items: { 'CONN#': ['remove'] },
    connections: ['POST', 'DELETE'],
  },
  welcome: {
    items: {
      'ROOM#': ['getMany', 'put', 'update'],
      'LOG#': ['getMany', 'query', 'put'],
      'CONN#': ['getMany', 'update', 'remove'],
      'LIVE#': ['query', 'put', 'remove'],
      'LIMIT#': ['update'],
      'REVOKED#': ['getMany'],
    },
    lookup: ['MEMBEROF#'],
    secrets: ['filesKey'],
    connections: ['POST', 'DELETE'],
  },
  inbox: {
    items: {
      'ROOM#': ['get', 'getMany', 'query', 'update', 'remove'],
      'LOG#': ['getMany', 'query'],
      'UNREAD#': ['getMany', 'query'],
      'CONN#': ['getMany', 'remove'],
      'LIVE#': ['query'],
      'LIMIT#': ['update'],
    },
    connections: ['POST', 'DELETE'],
  },
  cleanup: {
    items: {
      'ROOM#': ['get', 'query', 'put', 'update', 'remove', 'writeMany'],
      'ROOMNAME#': ['put'],
      'LOG#': ['query', 'put', 'update', 'writeMany'],
      'UPLOAD#': ['query', 'update', 'writeMany'],
      'UNREAD#': ['query', 'writeMany'],
      'CONN#': ['getMany', 'update'],
      'LIVE#': ['query', 'remove', 'writeMany'],
    },
    lookup: ['MEMBEROF#', 'LEFT#'],
    objects: {
      'incoming/': ['remove'],
      'files/': ['untag', 'remove', 'list'],
      'pictures/': ['untag', 'remove', 'list'],
    },
  },
  uploads: {
    items: { 'UPLOAD#': ['get', 'update'], 'USER#': ['get', 'update'], 'FILES#': ['put'] },
    objects: {
      'incoming/': ['get', 'remove', 'list'],
      'files/': ['put', 'tag', 'remove'],
      'pictures/': ['put', 'tag', 'remove'],
    },
  },
  canary: {
    items: { 'CANARY#': ['put'] },
    secrets: ['canaryKey'],
  },
};

/** The functions that check the edge key of every request where `requiresEdge` is set. */
const guarded: readonly FunctionName[] = ['accounts', 'chat', 'docs', 'connect'];

/** Returns the row of a function, with the permissions that depend on the settings of the stage. */
export function grantOf(name: FunctionName, settings: StageSettings): Grant {
  const grant = grants[name];
  const needsEdgeKey = settings.requiresEdge && guarded.includes(name);
  if (needsEdgeKey) return withMore(grant, { secrets: ['edgeKey'] });
  // It answers the addresses of files in place of the edge, with addresses of the bucket.
  if (name === 'uploads' && !settings.hasEdge)
    return withMore(grant, { secrets: ['filesKey'], objects: { 'files/': ['get'], 'pictures/': ['get'] } });
  return grant;
}

function withMore(grant: Grant, more: Pick<Grant, 'secrets' | 'objects'>): Grant {
  const objects = { ...grant.objects };
  for (const [folder, verbs] of Object.entries(more.objects ?? {}) as [ObjectPrefix, ObjectVerb[]][])
    objects[folder] = [...(objects[folder] ?? []), ...verbs];
  return { ...grant, secrets: [...new Set([...(grant.secrets ?? []), ...(more.secrets ?? [])])], objects };
}
