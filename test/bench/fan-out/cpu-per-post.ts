/** Processor time for one post: the product's way, against the least that a signed request takes, and the SDK's. */

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
/** After one that only warms up. */
const rounds = 9;

const titles: Record<Way, string> = {
  product: 'as the functions post',
  signed: 'a signed request on a kept-alive pool',
  sdk: 'the SDK client as it comes',
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

/** Microseconds a post by way; one round of each after the other, so that all of them meet the same machine. */
async function takeTurns(
  bundle: string,
  endpointUrl: string,
  progress: (text: string) => void,
): Promise<Record<Way, number[]>> {
  const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench', AWS_REGION: 'us-east-1' };
  const children = ways.map((way) =>
    // The bundle is plain JavaScript: no loader of TypeScript is to share its time.
    fork(bundle, [way, endpointUrl], { execArgv: [], env: { ...process.env, ...credentials } }),
  );
  const failing = children.map(async (child, at) => {
    await once(child, 'exit');
    throw new Error(`posting by ${ways[at]} ended`);
  });
  // Looked at in each round; at the end all of them end.
  for (const failure of failing) failure.catch(() => undefined);
  const times: Record<Way, number[]> = { product: [], signed: [], sdk: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      progress(`posting, round ${round} of ${rounds}`);
      for (const [at, way] of ways.entries()) {
        const child = children[at]!;
        child.send(postsEachRound);
        const [microseconds] = (await Promise.race([once(child, 'message'), failing[at]!])) as [number];
        if (round > 0) times[way].push(microseconds);
      }
    }
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
  return times;
}
