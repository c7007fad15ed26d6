import { beforeEach, describe, expect, it, vi } from 'vitest';
import { assertFromEdge, edgeKeys, wrongEdgeKeyMessage } from '../../../shared/lambda/edge-key.ts';

const cached = vi.fn(async () => ['current-current-1', 'previous-previous-1']);
const newest = vi.fn(async () => ['rotated-rotated-1', 'current-current-1']);
const from = (key: string, name = 'x-origin-key') => keys.isFromEdge({ [name]: key });
const warn = vi.fn<(message: string) => void>();
const add = vi.fn<(...counted: unknown[]) => void>();
const keys = edgeKeys({ all: cached, newest }, { log: { warn }, recorder: { add } });

beforeEach(() => {
  vi.clearAllMocks();
});

describe('a request', () => {
  it.each(['current-current-1', 'previous-previous-1'])(
    'with the key %s came through the edge',
    async (key) => {
      expect(await from(key)).toBe(true);
      expect(await from(key, 'X-Origin-Key')).toBe(true);
      expect(newest).not.toHaveBeenCalled();
    },
  );

  it('with a key that was rotated a moment ago came through the edge', async () => {
    expect(await from('rotated-rotated-1')).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });

  it('with a wrong key did not, which is logged and counted', async () => {
    expect(await from('invented-invented-1')).toBe(false);
    expect(warn.mock.calls).toEqual([[wrongEdgeKeyMessage]]);
    expect(add.mock.calls).toEqual([['WrongEdgeKeys', 1]]);
  });

  it('without a key did not, and no key is fetched and nothing logged', async () => {
    expect(await keys.isFromEdge({})).toBe(false);
    expect(cached).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it('that did not come through the edge is refused as forbidden', async () => {
    await expect(assertFromEdge(keys, {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(assertFromEdge(keys, { 'x-origin-key': 'current-current-1' })).resolves.toBeUndefined();
  });
});
