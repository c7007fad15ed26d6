/**
 * What nobody should send, at random: `FUZZ_RUNS=20 FUZZ_SEED=7 npx vitest run --project e2e test/e2e/fuzz` for
 * more of it, and other. The rows are the contract's own, so that a new one is fuzzed by itself.
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
