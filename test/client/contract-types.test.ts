/** Holds the types that are written for the client's users to those that follow from the contract's schemas. */
import type * as z from 'zod';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { CommandTypes } from '../../client/src/contract/commands.ts';
import type * as generated from '../../client/src/contract/entities.ts';
import type * as errors from '../../client/src/contract/errors.ts';
import type { EventTypes } from '../../client/src/contract/events.ts';
import type { HttpOperations } from '../../client/src/contract/http-operations.ts';
import { routes, type OperationName, type Route } from '../../client/src/contract/routes.ts';
import type { PagedList } from '../../client/src/http/paged-list.ts';
import type * as entities from '../../shared/contract/entities.ts';
import type { ErrorCode, FieldError, FrameCodeName } from '../../shared/contract/errors.ts';
import type { documentOperations } from '../../shared/contract/http/documents.ts';
import type { Operation } from '../../shared/contract/http/operation.ts';
import { operations, type Operations } from '../../shared/contract/http/operations.ts';
import type { commands } from '../../shared/contract/websocket/commands.ts';
import type { EventOf, EventName } from '../../shared/contract/websocket/events.ts';

/** Removes the names of types, so that only their fields are compared. */
type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [K in keyof T]: Plain<T[K]> }
    : T;

/** Fields that the server ignores are of type `unknown`, and are not offered. */
type WithoutIgnored<T> = { [K in keyof T as unknown extends T[K] ? never : K]: T[K] };

type Part<N extends OperationName, Key extends 'params' | 'body'> =
  Operations[N] extends Readonly<Record<Key, infer S extends z.ZodType>>
    ? string extends keyof z.input<S>
      ? unknown
      : WithoutIgnored<z.input<S>>
    : unknown;

type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** A query is text on the wire: the client takes parsed values, and those with a default may be left out. */
type Query<N extends OperationName> =
  Operations[N] extends Readonly<Record<'query', infer S extends z.ZodType>>
    ? Omit<z.output<S>, Optional<z.input<S>>> &
        Partial<Pick<z.output<S>, keyof z.output<S> & Optional<z.input<S>>>>
    : unknown;

type Arguments<N extends OperationName> = Part<N, 'params'> & Query<N> & Part<N, 'body'>;

type BodyOf<R> = R extends z.ZodType ? z.output<R> : R extends null ? void : string;
type Result<N extends OperationName> = BodyOf<Operations[N]['responses'][keyof Operations[N]['responses']]>;
type Answer<N extends OperationName> = Operations[N] extends { paged: true }
  ? PagedList<Result<N> extends readonly (infer Item)[] ? Item : Result<N>>
  : Promise<Result<N>>;

type ArgumentsOf<N extends OperationName> =
  Parameters<HttpOperations[N]> extends [] ? unknown : NonNullable<Parameters<HttpOperations[N]>[0]>;

/** The compiler takes two such conditions as the same only if the types in them are identical. */
// oxlint-disable typescript/no-unnecessary-type-parameters
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
// oxlint-enable typescript/no-unnecessary-type-parameters

/** The names under which the two have different types, or only one of them has a type. */
type Differences<One, Other> = {
  [K in keyof One | keyof Other]: K extends keyof One & keyof Other
    ? Same<Plain<One[K]>, Plain<Other[K]>> extends true
      ? never
      : K
    : K;
}[keyof One | keyof Other];

describe('the types for users of the client', () => {
  test('are those of the entities', () => {
    type Inferred = { [N in keyof typeof entities]: z.output<(typeof entities)[N]> };
    interface Generated {
      AccountExport: generated.AccountExport;
      Attachment: generated.Attachment;
      Member: generated.Member;
      MemberRole: generated.Member['role'];
      Membership: generated.Membership;
      Message: generated.Message;
      MessagePreview: generated.MessagePreview;
      MyRoom: generated.MyRoom;
      Profile: generated.Profile;
      ReadState: generated.ReadState;
      Reader: generated.Reader;
      RegisteredUser: generated.RegisteredUser;
      Room: generated.RoomDetails;
      Session: generated.Session;
      Ticket: generated.Ticket;
      TokenPair: generated.TokenPair;
      UnreadRooms: generated.UnreadRooms;
      UserSummary: generated.UserSummary;
    }
    expectTypeOf<Differences<Generated, Inferred>>().toBeNever();
  });

  test('are those of the events', () => {
    type Inferred = { [N in EventName]: EventOf<N> };
    expectTypeOf<Differences<EventTypes, Inferred>>().toBeNever();
  });

  test('are those of the commands as they are sent', () => {
    type Inferred = { [N in keyof typeof commands]: z.input<(typeof commands)[N]> };
    expectTypeOf<Differences<CommandTypes, Inferred>>().toBeNever();
  });

  test('are those of the errors', () => {
    expectTypeOf<errors.ErrorCode>().toEqualTypeOf<ErrorCode>();
    expectTypeOf<errors.FrameCodeName>().toEqualTypeOf<FrameCodeName>();
    expectTypeOf<errors.FieldError>().toEqualTypeOf<FieldError>();
  });

  test('are those of the arguments of all HTTP operations', () => {
    type Generated = { [N in OperationName]: ArgumentsOf<N> };
    type Inferred = { [N in OperationName]: Arguments<N> };
    expectTypeOf<Differences<Generated, Inferred>>().toBeNever();
    type Demanding = { [N in OperationName]: Parameters<HttpOperations[N]>['length'] extends 1 ? N : never };
    type Needed = { [N in OperationName]: Record<never, never> extends Arguments<N> ? never : N };
    expectTypeOf<Demanding[OperationName]>().toEqualTypeOf<Needed[OperationName]>();
  });

  test('are those of the answers of all HTTP operations', () => {
    type Generated = { [N in keyof HttpOperations]: ReturnType<HttpOperations[N]> };
    type Inferred = { [N in Exclude<keyof Operations, keyof typeof documentOperations>]: Answer<N> };
    expectTypeOf<Generated>().toExtend<Inferred>();
    expectTypeOf<Inferred>().toExtend<Generated>();
  });

  test('differ if a field is added, optional or of another type', () => {
    type Given = { a: { b: string; c?: number } };
    expectTypeOf<Differences<Given, { a: { b: string; c?: number } }>>().toBeNever();
    expectTypeOf<Differences<Given, { a: { b: string } }>>().toEqualTypeOf<'a'>();
    expectTypeOf<Differences<Given, { a: { b?: string; c?: number } }>>().toEqualTypeOf<'a'>();
    expectTypeOf<Differences<Given, { a: { b: string; c?: string } }>>().toEqualTypeOf<'a'>();
    expectTypeOf<Differences<Given, object>>().toEqualTypeOf<'a'>();
  });
});

describe('the routes of the client', () => {
  test.each(Object.entries(routes) as [OperationName, Route][])(
    '%s has a method that the server accepts with its body',
    (name, { method }) => {
      const row: Operation = operations[name];
      expect(row.methods).toContain(method);
      expect(row.body === undefined || method !== 'GET').toBe(true);
    },
  );
});
