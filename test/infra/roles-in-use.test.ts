import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { functionNames, type FunctionName } from '../../infra/functions.ts';
import { atomsAllowed, atomsAsked } from './atoms.ts';
import { patience, startAudited, type AuditedRuntime } from './audited-runtime.ts';
import { statementsOf, synthesize } from './synthesized.ts';
import { useEverything } from './use-everything.ts';

let runtime: AuditedRuntime;
/** The error of the first request that failed; the tests below show which call a role refused. */
let failure: unknown;

beforeAll(async () => {
  runtime = await startAudited();
  failure = await useEverything(runtime).catch((error: unknown) => error);
});

afterAll(() => runtime?.stop());

/** The permissions of the function's role. */
const allowed = (name: FunctionName): string[] => atomsAllowed(runtime.statementsOf(name)).toSorted();

/** The permissions that the function's calls needed. */
const needed = (name: FunctionName): string[] => [
  ...new Set(runtime.calls.filter((call) => call.name === name).flatMap(atomsAsked)),
];

describe('the role of a function', () => {
  it('allows everything that the project uses the function for', () => {
    expect(failure).toBeUndefined();
  });

  it.each(functionNames)('allows every call of %s', (name) => {
    const calls = runtime.calls.filter((call) => call.name === name);
    expect(calls).not.toHaveLength(0);
    expect(calls.filter(({ verdict }) => verdict !== 'allowed')).toEqual([]);
    expect(needed(name).filter((one) => !allowed(name).includes(one))).toEqual([]);
  });

  it.each(functionNames)('allows nothing that %s never needs', async (name) => {
    // The table stream is handled a moment later.
    await vi.waitFor(
      () => expect(allowed(name).filter((one) => !needed(name).includes(one))).toEqual([]),
      patience,
    );
  });

  it('is the same in every stage, except for names', () => {
    const [local, production] = ['local', 'prod'].map((stage) => {
      // With gradual deployments, a role names the alias of the function that it may invoke.
      const template = synthesize(stage, { ROLLOUT: 'AllAtOnce' });
      const statements = functionNames.map((name) => statementsOf(template, name));
      return JSON.stringify(statements).replaceAll(`/${stage}/`, '/stage/');
    });
    expect(local).toBe(production);
  });
});
