import { afterAll, describe, expect, it } from 'vitest';
import { quickBuild } from '../chaos/harness/quick-build.ts';
import { createRunner } from '../chaos/harness/runner.ts';
import { brokenForThoseWhoComeAndGo } from './coming-and-going.ts';

const runner = createRunner();
afterAll(() => runner.close());

describe('the scenarios find a build', { timeout: 120_000 }, () => {
  it.sequential.each(brokenForThoseWhoComeAndGo)(
    'whose $whose',
    async ({ scenario, adjust, patches, shownBy }) => {
      const options = { seed: 1, size: 'short', ...(adjust && { adjust }) } as const;
      const { counts } = await runner.run(scenario, { ...options, patches: [...quickBuild, ...patches] });
      expect(shownBy.filter((count) => counts.wrong[count] !== 0)).toEqual(shownBy);
    },
  );
});
