import { describe, expect, test } from 'vitest';
import { SearchQuery } from '../../../shared/contract/search.ts';

describe('the query of a search', () => {
  test.each([
    [{ q: 'plan' }],
    [{ q: 'x'.repeat(200) }],
    [{ from_user: '3f1c2a52-8d1e-4f0b-9a57-2c6d0e4b7a11' }],
    [{ has: 'image' }],
    [{ q: 'plan', before: '2026-12-01' }],
    [{ q: 'plan', after: '2026-12-01T10:00:00Z', before: '2026-12-01T12:30:00+02:00' }],
    [{ q: 'plan', limit: '50' }],
  ])('can be %j', (query) => {
    expect(SearchQuery.safeParse(query).success).toBe(true);
  });

  test.each([
    [{ q: '' }],
    [{ q: 'x'.repeat(201) }],
    [{ q: '\ud83d' }],
    [{ from_user: 'ann' }],
    [{ has: 'video' }],
    [{ before: '2026-13-01' }],
    [{ before: '2026-12-01T10:00:00' }],
    [{ after: 'yesterday' }],
    [{ after: '1796144392978' }],
    [{ q: 'plan', limit: '51' }],
    [{ q: 'plan', limit: '0' }],
    [{ q: 'plan', cursor: 'x'.repeat(4_097) }],
  ])('cannot be %j', (query) => {
    expect(SearchQuery.safeParse(query).success).toBe(false);
  });

  test('has 20 results on a page by default', () => {
    expect(SearchQuery.parse({ q: 'plan' })).toEqual({ q: 'plan', limit: 20 });
  });
});
