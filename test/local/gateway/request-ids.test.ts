import { expect, it } from 'vitest';
import { isConnectionId, newRequestId, requestTime } from '../../../local/gateway/request-ids.ts';

it('newRequestId returns unique ids in the format of API Gateway', () => {
  const ids = Array.from({ length: 10_000 }, newRequestId);
  expect(ids.every(isConnectionId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(isConnectionId('BFaT_fALIAMCKug=')).toBe(true);
});

it.each([
  ['2026-11-22T11:47:00.999Z', '22/Nov/2026:11:47:00 +0000'],
  ['2024-02-09T07:01:02.000Z', '09/Feb/2024:07:01:02 +0000'],
])('requestTime formats %s as %s', (iso, expected) => {
  expect(requestTime(Date.parse(iso))).toBe(expected);
});
