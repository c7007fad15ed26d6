/**
 * The points at which the local runtime can inject faults, with the actions of each and the fields by which a
 * rule selects calls.
 */

import { storageOperations } from '../services/s3/s3-request.ts';

export const actions = ['fail', 'delay', 'drop', 'duplicate', 'reorder', 'kill', 'hang', 'freeze'] as const;
export type Action = (typeof actions)[number];

/** Before the call is performed, or after it and before the caller receives the result. */
export const phases = ['before', 'after'] as const;
export type Phase = (typeof phases)[number];

export const databaseOperations = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'TransactGetItems',
  'TransactWriteItems',
  'UpdateItem',
] as const;

/** The operations of all points. */
export const operations = [...databaseOperations, ...storageOperations] as const;
export type Operation = (typeof operations)[number];

export const matchFields = [
  'function',
  'operation',
  'key',
  'phase',
  'nth',
  'contains',
  'route',
  'method',
  'connectionId',
  'event',
] as const;
export type MatchField = (typeof matchFields)[number];

export interface Point {
  /** The calls or events at this point. */
  description: string;
  /** The possible phases of each action. */
  actions: Partial<Record<Action, readonly Phase[]>>;
  match: readonly MatchField[];
  /** The possible values of `operation`. */
  operations?: readonly Operation[];
  /** Whether `fail` may have an HTTP status. */
  failsWithStatus: boolean;
}

const both = phases;
const before = ['before'] as const;

export const points = {
  database: {
    description: 'a call of the database by a function',
    actions: { fail: both, delay: both, drop: both, duplicate: before, kill: both, hang: both },
    match: ['function', 'operation', 'phase', 'nth', 'contains'],
    operations: databaseOperations,
    failsWithStatus: true,
  },
  engine: {
    description: 'the database process, at a call of the database by a function',
    actions: { kill: both },
    match: ['function', 'operation', 'phase', 'nth', 'contains'],
    operations: databaseOperations,
    failsWithStatus: false,
  },
  connections: {
    description: 'a call of @connections',
    actions: {
      fail: both,
      delay: both,
      drop: before,
      duplicate: before,
      reorder: before,
      kill: both,
      hang: both,
    },
    match: ['function', 'method', 'connectionId', 'phase', 'nth', 'contains'],
    failsWithStatus: true,
  },
  invoke: {
    description: 'a synchronous invocation by a route or by another function',
    actions: { fail: both, delay: both, drop: before, duplicate: before, kill: before },
    match: ['function', 'route', 'phase', 'contains'],
    failsWithStatus: true,
  },
  async: {
    description: 'one attempt of an asynchronous invocation',
    actions: { fail: both, delay: both, duplicate: before, kill: before },
    match: ['function', 'phase', 'contains'],
    failsWithStatus: false,
  },
  stream: {
    description: 'one attempt to deliver a batch of stream records',
    actions: { fail: both, delay: both, duplicate: before, reorder: before, kill: before },
    match: ['function', 'phase', 'contains'],
    failsWithStatus: false,
  },
  secrets: {
    description: 'a request to Secrets Manager by a function',
    actions: { fail: before, delay: before, hang: before },
    match: ['function'],
    failsWithStatus: true,
  },
  storage: {
    description: 'a request to a bucket by a function or a browser',
    actions: { fail: both, delay: both, drop: both, kill: both, hang: both },
    match: ['function', 'operation', 'key', 'phase', 'nth', 'contains'],
    operations: storageOperations,
    failsWithStatus: true,
  },
  events: {
    description: 'the delivery of an event of a bucket to a function',
    actions: { delay: before, drop: before, duplicate: before, reorder: before },
    match: ['function', 'contains'],
    failsWithStatus: false,
  },
  environment: {
    description: 'an execution environment that has answered an invocation',
    actions: { freeze: before },
    match: ['function'],
    failsWithStatus: false,
  },
  socket: {
    description: 'a WebSocket, when it has opened and at each frame in both directions',
    actions: { drop: before, kill: before },
    match: ['connectionId', 'event', 'contains'],
    failsWithStatus: false,
  },
} as const satisfies Record<string, Point>;

export type PointName = keyof typeof points;
export const pointNames = Object.keys(points) as PointName[];

/** Returns the point with a name. */
export const pointOf = (name: PointName): Point => points[name];
