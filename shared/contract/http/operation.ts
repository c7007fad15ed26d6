/** The type of a row of the HTTP contract. */
import type * as z from 'zod';
import type { ErrorCode } from '../errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The functions with an HTTP trigger and their route keys, which are greedy, since a route key cannot end in `/`. */
export const httpFunctions = {
  accounts: ['ANY /users', 'ANY /users/{proxy+}'],
  chat: ['ANY /chat/{proxy+}'],
  docs: ['$default'],
} as const;

export type HttpFunction = keyof typeof httpFunctions;

export interface Operation {
  methods: readonly [Method, ...Method[]];
  /** As documented. Each path is served with and without its trailing slash. */
  path: string;
  function: HttpFunction;
  tag: 'Authentication' | 'Users' | 'Rooms' | 'Messages' | 'Files' | 'WebSocket' | 'Documentation';
  summary: string;
  description?: string;
  /** `optional`: a request without a token is accepted, one with an invalid token is refused. */
  auth: 'none' | 'optional' | 'required';
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The setting that limits how often a user may call the operation. The errors of the row must list `rate_limited`. */
  rate?: 'lookups' | 'tickets';
  /**
   * The maximum cost of a request in micro-dollars, and the additional cost of each kilobyte of its body. It is charged to
   * the caller's budget after the request was validated and before anything changes. An operation without a charge is a
   * light read, which each instance counts for itself.
   */
  charge?: { costMicroDollars: number; perKilobyte?: number; isWrite?: boolean };
  /** The request may have no body. */
  bodyOptional?: boolean;
  /** By status: the schema of a JSON answer, the media type of any other, `null` for an answer without a body. */
  responses: Readonly<Record<number, z.ZodType | null | `${string}/${string}`>>;
  /** Errors in addition to those that every operation can answer with. */
  errors?: readonly ErrorCode[];
  /** The answer is one page of a list. The address of the next page is in its header `Link: <…>; rel="next"`. */
  paged?: boolean;
}

/** Checks the type of a row and keeps its literal types. */
export const operation = <const T extends Operation>(row: T): T => row;

/** The charge for an entry of the log that is sent to up to 100 sockets. Larger rooms are charged the rest afterwards. */
export const entryCharge = { costMicroDollars: 120, perKilobyte: 10, isWrite: true } as const;
