import * as fc from 'fast-check';
import { stories } from './commands.ts';
import { play } from './story.ts';
const runs = Number(process.argv[2] ?? 20), seed = Number(process.argv[3] ?? 1);
const t = Date.now();
const total: Record<string, number> = {};
const r = await fc.check(fc.asyncProperty(stories(100), async (story) => {
  const { divergences, facts } = await play(story);
  for (const [k, v] of Object.entries(facts)) total[k] = (total[k] ?? 0) + v;
  if (divergences.length) throw new Error(divergences.slice(0,3).join('; '));
}), { numRuns: runs, seed });
console.log(Date.now() - t, 'ms', r.failed, r.numRuns, r.numShrinks);
if (r.failed) { console.log(JSON.stringify(r.counterexample, null, 1)); console.log((r.errorInstance as Error)?.stack?.slice(0,1500)); }
console.log(total);
