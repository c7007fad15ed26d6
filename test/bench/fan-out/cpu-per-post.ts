/**
 * Measures the processor time of one post: by the functions' code, by a bare signed request, and by the SDK's client.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleDirectory, bundleFunctions } from '../../../infra/bundle.ts';
import type { BenchContext } from '../section.ts';
import { median, rounded } from '../statistics.ts';
import { startEndpoint } from './endpoint.ts';

const ways = ['product', 'signed', 'sdk'] as const;
type Way = (typeof ways)[number];

const postsEachRound = 1_000;
/** One more round comes first and only warms up. */
const rounds = 9;

const titles: Record<Way, string> = {
  product: 'as the functions post',
  signed: 'a signed request on a kept-alive connection',
  sdk: 'the SDK client with its default middleware',
};

export async function measureCpuPerPost({ report, progress }: BenchContext): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'chat-bench-'));
  const endpoint = await startEndpoint(0);
  try {
    await bundleFunctions({
      outdir,
      names: ['posting'],
      sourceDirectory: join(import.meta.dirname, 'bundles'),
    });
    const times = await takeTurns(
      join(bundleDirectory('posting', outdir), 'index.js'),
      endpoint.url,
      progress,
    );
    const cost = (way: Way): number => median(times[way]);
    report.heading(`Processor time for one post (medians of ${rounds} rounds of ${postsEachRound})`);
    report.table(
      ['way', 'µs a post', 'posts/CPU s', '× signed request'],
      ways.map((way) => [
        titles[way],
        rounded(cost(way)),
        rounded(1_000_000 / cost(way)),
        rounded(cost(way) / cost('signed'), 2),
      ]),
    );
    for (const way of ways) report.figure(`fan_out.cpu_per_post.${way}_us`, rounded(cost(way)));
    report.figure('fan_out.cpu_per_post_over_signed_request', rounded(cost('product') / cost('signed'), 2));
  } finally {
    await endpoint.end();
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * Returns the microseconds of a post, by way. The ways take turns, so that the state of the machine affects all of
 * them.
 */
async function takeTurns(
  bundle: string,
  endpointUrl: string,
  progress: (text: string) => void,
): Promise<Record<Way, number[]>> {
  const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', AWS_REGION: 'us-east-1' };
  const children = ways.map((way) =>
    // The bundle is plain JavaScript, so the process needs no TypeScript loader, which would take processor time.
    fork(bundle, [way, endpointUrl], { execArgv: [], env: { ...process.env, ...credentials } }),
  );
  const failing = children.map(async (child, index) => {
    await once(child, 'exit');
    throw new Error(`posting by ${ways[index]} ended`);
  });
  // Each round checks these; the exit at the end is no failure.
  for (const failure of failing) failure.catch(() => undefined);
  const times: Record<Way, number[]> = { product: [], signed: [], sdk: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      progress(`posting, round ${round} of ${rounds}`);
      for (const [index, way] of ways.entries()) {
        const child = children[index]!;
        child.send(postsEachRound);
        const [microseconds] = (await Promise.race([once(child, 'message'), failing[index]!])) as [number];
        if (round > 0) times[way].push(microseconds);
      }
    }
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
  return times;
}
