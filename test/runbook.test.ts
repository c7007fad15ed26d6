import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionNames, functions } from '../infra/functions.ts';
import { alarmRows } from '../infra/monitoring/alarm-table.ts';
import { settingRows } from '../shared/settings/settings.ts';

const runbook = readFileSync(new URL('../docs/runbook.md', import.meta.url), 'utf8');

/** The sections under "Alarms", by heading. */
const sections = new Map(
  (/^## Alarms\n([\s\S]*?)^## /m.exec(runbook)?.[1] ?? '')
    .split(/^### /m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf('\n')), section]),
);
const names = alarmRows.map(([name]) => name);

describe('the runbook', () => {
  it('has a section for each alarm and none without an alarm', () => {
    expect([...sections.keys()].toSorted()).toEqual(names.toSorted());
  });

  it.each([...sections])(
    'says in %s what it means, where to look with a query or command, and what to do',
    (_, text) => {
      expect(text).toMatch(
        /^\*\*What it means\.\*\* \S[\s\S]{40,}?^\*\*Look at\*\*[\s\S]+?^\*\*Do\.?\*\*[\s\S]{40,}/m,
      );
      expect(text).toMatch(/^```/m);
    },
  );

  it('looks into the logs of functions that exist', () => {
    const services = [...runbook.matchAll(/service = "(\w+)"/g)].map(([, name]) => name!);
    expect(services.length).toBeGreaterThan(5);
    for (const name of services) expect(functionNames).toContain(name);
  });

  it('says for every function that is invoked asynchronously what is late', () => {
    const invoked = functionNames.filter((name) => functions[name].isInvokedAsynchronously === true);
    expect(invoked.length).toBeGreaterThan(3);
    for (const name of invoked) expect(sections.get('InvocationLag')).toContain(`\`${name}\``);
  });

  it('refers to alarms and settings that exist', () => {
    const all = [...sections.values()].join('\n');
    const referred = [...all.matchAll(/[sS]ee `(\w+)`/g)].map(([, name]) => name!);
    expect(referred.length).toBeGreaterThan(7);
    for (const name of referred) expect(names).toContain(name);
    const variables = settingRows.map(([, { variable }]) => variable);
    for (const [, name] of all.matchAll(/`([A-Z]+_[A-Z_\d]+)`/g)) expect(variables).toContain(name);
  });
});
