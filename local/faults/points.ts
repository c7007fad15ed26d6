/**
 * The catalogue of the points at which the local runtime can be made to fail: what each can do, and by what a
 * rule may choose among the things that pass it. It injects nothing itself.
 */

export const actions = ['fail', 'delay', 'drop', 'duplicate', 'reorder', 'kill'] as const;
export type Action = (typeof actions)[number];

/** Before what is done at the point has been done, or after it and before its outcome is told. */
export const phases = ['before', 'after'] as const;
export type Phase = (typeof phases)[number];

export const matchFields = [
  'function',
  'operation',
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
  /** What passes here. */
  description: string;
  /** In which phases each action can be taken. */
  actions: Partial<Record<Action, readonly Phase[]>>;
  match: readonly MatchField[];
  /** Whether `fail` may choose an HTTP status. */
  failsWithStatus: boolean;
}

const both = phases;
const before = ['before'] as const;

export const points = {
  database: {
    description: 'a call of the database that a function makes',
    actions: { fail: both, delay: both, drop: both, duplicate: before, kill: both },
    match: ['function', 'operation', 'phase', 'nth', 'contains'],
    failsWithStatus: true,
  },
  engine: {
    description: 'the database process, at a call of the database that a function makes',
    actions: { kill: both },
    match: ['function', 'operation', 'phase', 'nth', 'contains'],
    failsWithStatus: false,
  },
  connections: {
    description: 'a call of @connections',
    actions: { fail: both, delay: both, drop: before, duplicate: before, reorder: before, kill: both },
    match: ['function', 'method', 'connectionId', 'phase', 'nth', 'contains'],
    failsWithStatus: true,
  },
  invoke: {
    description: 'an invocation whose result is waited for: by a route, or by another function',
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
  socket: {
    description: 'a WebSocket, when it has opened and at each frame in either direction',
    actions: { drop: before, kill: before },
    match: ['connectionId', 'event', 'contains'],
    failsWithStatus: false,
  },
} as const satisfies Record<string, Point>;

export type PointName = keyof typeof points;
export const pointNames = Object.keys(points) as PointName[];

/** The point of that name, in the shape that all of them have. */
export const pointOf = (name: PointName): Point => points[name];
