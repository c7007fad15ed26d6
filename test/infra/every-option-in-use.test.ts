/** The local runtime on the template of an operator who has switched on everything, with the roles of that template. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAudited, type AuditedRuntime } from './audited-runtime.ts';
import { everyOption } from './every-option.ts';
import { useEverything } from './use-everything.ts';

let runtime: AuditedRuntime;
let failure: unknown;

beforeAll(async () => {
  runtime = await startAudited(everyOption);
  failure = await useEverything(runtime).catch((error: unknown) => error);
});

afterAll(() => runtime?.stop());

describe('a stage with every option', () => {
  it('does everything that the project does, through aliases and behind the edge', () => {
    expect(failure).toBeUndefined();
  });

  it('has roles that allow every call', () => {
    expect(runtime.calls.filter(({ verdict }) => verdict !== 'allowed')).toEqual([]);
  });

  it('invokes every function by its alias, cleanup its own included', () => {
    const invoked = runtime.calls.filter(({ action }) => action === 'lambda:InvokeFunction');
    const names = invoked.map(({ resource }) => resource.replace(/^.*:function:(\w+)Function\w+/, '$1'));
    expect([...new Set(names)].toSorted()).toEqual([
      'cleanup:live',
      'fanOut:live',
      'inbox:live',
      'uploads:live',
      'welcome:live',
    ]);
    expect(invoked.filter(({ name }) => name === 'cleanup').length).toBeGreaterThan(0);
  });

  it('reads the edge key in every function that refuses to be bypassed', () => {
    const reading = runtime.calls.filter(({ resource }) => resource.includes(':secret:EdgeKey'));
    const names = [...new Set(reading.map(({ name }) => name))];
    expect(names.toSorted()).toEqual(['accounts', 'chat', 'connect', 'docs']);
  });
});
