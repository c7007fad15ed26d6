/** Searching messages: pages, another search, failures, and the end of the component. */
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useSearch, type Search } from '../../../client/src/react/index.ts';
import { problem } from '../fake-system.ts';
import { roomId, said } from '../server-events.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';

useRendering();

let shown: Search;

function Panel({ room }: { room?: string }) {
  shown = useSearch(room);
  return null;
}

const path = `/chat/rooms/${roomId}/search/`;
const found = (seq: number) => ({ ...said(seq), highlights: [] });
const page = (seqs: number[], cursor?: string) => ({
  results: seqs.map(found),
  searched_back_to: cursor === undefined ? null : '2026-11-22T12:00:00.000Z',
  ...(cursor !== undefined && { cursor }),
});

/** Renders a panel whose searches are answered with these pages, one after the other. */
async function renderPanel(pages: object[], room: string | undefined = roomId) {
  const rendering = await renderOpenRoom(<Panel {...(room !== undefined && { room })} />);
  const { system } = rendering;
  const at = room === undefined ? '/chat/search/' : path;
  system.answers.set(`GET ${at}`, () => Response.json(pages.shift()));
  const requestCount = (): number => system.requests.filter((request) => request === `GET ${at}`).length;
  return { ...rendering, at, requestCount };
}

const seqs = (): number[] => shown.results.map(({ seq }) => seq);

test('a search shows its results and how far back it has come, and goes on when it is asked', async () => {
  const { requestCount } = await renderPanel([page([9, 8], 'next'), page([3])]);
  expect(shown).toMatchObject({ status: 'idle', results: [] });
  await act(() => shown.search({ q: 'plan' }));
  expect(shown).toMatchObject({ status: 'paused', searchedBackTo: '2026-11-22T12:00:00.000Z' });
  expect(seqs()).toEqual([9, 8]);
  await act(() => shown.searchOn());
  expect(shown).toMatchObject({ status: 'done', searchedBackTo: null });
  expect(seqs()).toEqual([9, 8, 3]);
  await act(() => shown.searchOn());
  expect(requestCount()).toBe(2);
});

test('a search goes on by itself over pages without results, up to a bound', async () => {
  const { requestCount } = await renderPanel([page([], 'a'), page([], 'b'), page([5], 'c')]);
  await act(() => shown.search({ q: 'plan' }));
  expect(seqs()).toEqual([5]);
  expect(requestCount()).toBe(3);
  const endless = await renderPanel(Array.from({ length: 20 }, () => page([], 'more')));
  await act(() => shown.search({ q: 'plan' }));
  expect(shown.status).toBe('paused');
  expect(endless.requestCount()).toBe(8);
});

test('all rooms are searched without a room', async () => {
  const { requestCount } = await renderPanel([page([1])], undefined);
  await act(() => shown.search({ q: 'plan' }));
  expect([shown.status, requestCount()]).toEqual(['done', 1]);
});

test('another search replaces the results, and answers of the one before are ignored', async () => {
  const { system, at } = await renderPanel([]);
  const answers: ((response: Response) => void)[] = [];
  system.answers.set(`GET ${at}`, () => new Promise((resolve) => answers.push(resolve)) as never);
  const first = shown.search({ q: 'one' });
  await act(async () => undefined);
  const second = shown.search({ q: 'two' });
  await act(async () => undefined);
  expect(answers).toHaveLength(2);
  await act(async () => {
    answers[1]!(Response.json(page([2])));
    await second;
    answers[0]!(Response.json(page([1])));
    await first;
  });
  expect(seqs()).toEqual([2]);
  expect(shown.status).toBe('done');
});

test('a search that fails says why, keeps its results, and can be tried again', async () => {
  const { system, at } = await renderPanel([page([9], 'next')]);
  await act(() => shown.search({ q: 'plan' }));
  system.answers.set(`GET ${at}`, () => problem(429, 'rate_limited'));
  await act(() => shown.searchOn());
  expect(shown).toMatchObject({ status: 'failed', problem: { code: 'rate_limited' } });
  system.answers.set(`GET ${at}`, () => Response.json(page([3])));
  await act(() => shown.searchOn());
  expect([shown.status, seqs(), shown.problem]).toEqual(['done', [9, 3], undefined]);
});

test('clearing forgets the results, and a search ends with its component', async () => {
  const pages = [page([9]), ...Array.from({ length: 20 }, () => page([], 'more'))];
  const { show, requestCount } = await renderPanel(pages);
  await act(() => shown.search({ q: 'plan' }));
  act(() => shown.clear());
  expect(shown).toMatchObject({ status: 'idle', results: [] });
  const searching = shown.search({ q: 'plan' });
  show(null);
  await act(() => searching);
  expect(requestCount()).toBe(2);
});
