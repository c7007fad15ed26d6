/** All HTTP operations. Routes, routers, validation, openapi.yaml and the client follow from these rows. */
import type * as z from 'zod';
import { accountOperations } from './accounts.ts';
import { documentOperations } from './documents.ts';
import { healthOperations } from './health.ts';
import { messageOperations } from './messages.ts';
import type { HttpFunction, Operation } from './operation.ts';
import { roomOperations } from './rooms.ts';
import { uploadOperations } from './uploads.ts';
import { searchOperations } from './search.ts';

export const operations = {
  ...accountOperations,
  ...roomOperations,
  ...messageOperations,
  ...uploadOperations,
  ...documentOperations,
  ...healthOperations,
  ...searchOperations,
} as const satisfies Record<string, Operation>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

/** The operations that one function serves. */
export type OperationsOf<F extends HttpFunction> = {
  [N in OperationName]: Operations[N]['function'] extends F ? N : never;
}[OperationName];

type Parsed<T, Key extends string> = T extends { readonly [K in Key]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

/** The validated request of an operation, as its handler receives it. */
export interface RequestOf<N extends OperationName> {
  params: Parsed<Operations[N], 'params'>;
  query: Parsed<Operations[N], 'query'>;
  body: Parsed<Operations[N], 'body'>;
}
