/** The form of one row of the HTTP contract. */
import type * as z from 'zod';
import type { ErrorCode } from '../errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Functions with an HTTP trigger, and the route keys that lead to each (greedy, since none may end in `/`). */
export const httpFunctions = {
  accounts: ['ANY /users', 'ANY /users/{proxy+}'],
  chat: ['ANY /chat/{proxy+}'],
  docs: ['$default'],
} as const;

export type HttpFunction = keyof typeof httpFunctions;

export interface Operation {
  methods: readonly [Method, ...Method[]];
  /** In the documented spelling; every path answers with and without its trailing slash. */
  path: string;
  function: HttpFunction;
  tag: 'Authentication' | 'Users' | 'Rooms' | 'Messages' | 'WebSocket' | 'Documentation';
  summary: string;
  description?: string;
  /** `optional`: a token is not needed, but a bad one is refused. */
  auth: 'none' | 'optional' | 'required';
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** How often one user may do it; each is a setting. The row's errors name `rate_limited`. */
  rate?: 'lookups' | 'tickets';
  /**
   * What it costs at most, in micro-dollars, charged to the caller's budget once the request has been validated and before
   * anything changes; with so much more for each kilobyte of the body. Without it, it is a light read that each instance
   * counts for itself.
   */
  charge?: { costMicroDollars: number; perKilobyte?: number; isWrite?: boolean };
  /** A body may be left out altogether. */
  bodyOptional?: boolean;
  /** By status; `null` for an answer without a body, a media type for one that is not JSON. */
  responses: Readonly<Record<number, z.ZodType | null | `${string}/${string}`>>;
  /** Errors beyond those that every operation can give. */
  errors?: readonly ErrorCode[];
  /** The answer comes in pages: `Link: <…>; rel="next"`. */
  paged?: boolean;
}

/** Keeps a row's literal types while checking its form. */
export const operation = <const T extends Operation>(row: T): T => row;

/** An entry of a room's log that is told to a room of up to a hundred sockets; larger ones are charged more afterwards. */
export const entryCharge = { costMicroDollars: 120, perKilobyte: 10, isWrite: true } as const;
