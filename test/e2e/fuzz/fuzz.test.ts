/**
 * Random requests and frames. `FUZZ_RUNS=20 FUZZ_SEED=7 npx vitest run --project e2e-more test/e2e/fuzz` runs more and
 * different ones. The rows come from the contract, so new ones are covered.
 */
import { describe } from 'vitest';
import { useFuzzedRuntime } from './fuzzed-runtime.ts';
import { fuzzHttp } from './http-operations.ts';
import { fuzzWebSocket } from './websocket-commands.ts';

useFuzzedRuntime();

describe('over HTTP', () => {
  fuzzHttp();
});
describe('over WebSocket', () => {
  fuzzWebSocket();
});
