/** The arguments and answers of the HTTP methods, derived from the contract's rows; nothing of it exists at run time. */
import type * as z from 'zod';
import type { OperationName, Operations } from '../../shared/contract/http/operations.ts';
import type { PagedList } from './paged-list.ts';

/** Input decides what may be left out, output what it is: a query is text on the wire, and numbers here. */
type QueryOf<S extends z.ZodType> = {
  [K in keyof z.output<S> as K extends OptionalKey<z.input<S>> ? never : K]: z.output<S>[K];
} & {
  [K in keyof z.output<S> as K extends OptionalKey<z.input<S>> ? K : never]?: z.output<S>[K] | undefined;
};
type OptionalKey<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

type Part<N extends OperationName, Key extends 'params' | 'body'> =
  Operations[N] extends Readonly<Record<Key, infer S extends z.ZodType>> ? Fields<z.input<S>> : unknown;

/** An object without fields would have a type that admits no field of the other parts either. */
type Fields<T> = string extends keyof T ? unknown : T;

type QueryPart<N extends OperationName> =
  Operations[N] extends Readonly<Record<'query', infer S extends z.ZodType>> ? QueryOf<S> : unknown;

/** Path, query and body in one object; no row uses a name twice for different things. */
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

/** One method for each row of the HTTP contract. They reject with `ChatProblem`. */
export type HttpOperations = { readonly [N in OperationName]: Method<N> };
