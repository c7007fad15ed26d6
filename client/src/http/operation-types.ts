/** The types of the HTTP methods' arguments and results, derived from the contract's rows. */
import type * as z from 'zod';
import type { OperationName, Operations } from '../../../shared/contract/http/operations.ts';
import type { PagedList } from './paged-list.ts';

/** A field is optional if the schema's input is, and has the type of its output: query values are text on the wire. */
type QueryOf<S extends z.ZodType> = {
  [K in keyof z.output<S> as K extends OptionalKey<z.input<S>> ? never : K]: z.output<S>[K];
} & {
  [K in keyof z.output<S> as K extends OptionalKey<z.input<S>> ? K : never]?: z.output<S>[K] | undefined;
};
type OptionalKey<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

type Part<N extends OperationName, Key extends 'params' | 'body'> =
  Operations[N] extends Readonly<Record<Key, infer S extends z.ZodType>> ? Fields<z.input<S>> : unknown;

/** Keeps a body without fields out of the intersection: its index signature would forbid the fields of other parts. */
type Fields<T> = string extends keyof T ? unknown : T;

type QueryPart<N extends OperationName> =
  Operations[N] extends Readonly<Record<'query', infer S extends z.ZodType>> ? QueryOf<S> : unknown;

/** The fields of path, query and body in one object. A test checks that no row uses one name for two things. */
export type Arguments<N extends OperationName> = Part<N, 'params'> & QueryPart<N> & Part<N, 'body'>;

type BodyOf<R> = R extends z.ZodType ? z.output<R> : R extends null ? void : string;
type Responses<N extends OperationName> = Operations[N]['responses'];
type Result<N extends OperationName> = BodyOf<Responses<N>[keyof Responses<N>]>;

type Answer<N extends OperationName> = Operations[N] extends { paged: true }
  ? PagedList<Result<N> extends readonly (infer Item)[] ? Item : Result<N>>
  : Promise<Result<N>>;

type Method<N extends OperationName> =
  Record<never, never> extends Arguments<N>
    ? (args?: Arguments<N>) => Answer<N>
    : (args: Arguments<N>) => Answer<N>;

/**
 * One method for each HTTP operation of the API. Each takes the fields of path, query and body in one object, returns a
 * promise or a `PagedList`, and rejects with a `ChatProblem`.
 *
 * @example
 * const room = await client.http.createRoom({ room_name: 'plans', is_private: true });
 */
export type HttpOperations = { readonly [N in OperationName]: Method<N> };
