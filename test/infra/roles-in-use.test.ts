import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { functionNames, type FunctionName } from '../../infra/functions.ts';
import { atomsAllowed, atomsAsked } from './atoms.ts';
import { patience, startAudited, type AuditedRuntime } from './audited-runtime.ts';
import { statementsOf, synthesize } from './synthesized.ts';
import { useEverything } from './use-everything.ts';

let runtime: AuditedRuntime;
/** What a role refuses stops what it is used for; which call that was, the tests below tell. */
let failure: unknown;

beforeAll(async () => {
  runtime = await startAudited();
  failure = await useEverything(runtime).catch((error: unknown) => error);
});

afterAll(() => runtime?.stop());

/** What the role of a function allows, part by part. */
const allowed = (name: FunctionName): string[] => atomsAllowed(runtime.statementsOf(name)).toSorted();

/** What the function asked for, in the same words. */
const asked = (name: FunctionName): string[] => [
  ...new Set(runtime.calls.filter((call) => call.name === name).flatMap(atomsAsked)),
];

describe('the role of a function', () => {
  it('lets it do all that it is there for', () => {
    expect(failure).toBeUndefined();
  });

  it.each(functionNames)('is asked for nothing that it does not allow: %s', (name) => {
    const calls = runtime.calls.filter((call) => call.name === name);
    expect(calls.length > 0).toBe(name !== 'docs');
    expect(calls.filter(({ verdict }) => verdict !== 'allowed')).toEqual([]);
    expect(asked(name).filter((one) => !allowed(name).includes(one))).toEqual([]);
  });

  it.each(functionNames)('allows nothing that is never asked for: %s', async (name) => {
    // Reactions go on for a moment.
    await vi.waitFor(
      () => expect(allowed(name).filter((one) => !asked(name).includes(one))).toEqual([]),
      patience,
    );
  });

  it('is the same in every stage, but for its names', () => {
    const [local, production] = ['local', 'prod'].map((stage) => {
      const template = synthesize(stage);
      const statements = functionNames.map((name) => statementsOf(template, name));
      return JSON.stringify(statements).replaceAll(`/${stage}/`, '/stage/');
    });
    expect(local).toBe(production);
  });
});
