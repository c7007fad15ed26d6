/** A form is posted with progress where the runtime has `XMLHttpRequest`, and given up when nothing is sent any more. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { postFile, type PostOptions } from '../../../client/src/uploads/post-file.ts';
import { ManualClock } from '../fake-system.ts';

class FakeRequest {
  static last: FakeRequest;
  readonly upload = new EventTarget();
  readonly events = new EventTarget();
  status = 0;
  opened: string[] = [];
  body: FormData | undefined;

  constructor() {
    FakeRequest.last = this;
  }

  addEventListener(type: string, listener: () => void): void {
    this.events.addEventListener(type, listener);
  }

  open(...opened: string[]): void {
    this.opened = opened;
  }

  send(body: FormData): void {
    this.body = body;
  }

  abort(): void {
    this.events.dispatchEvent(new Event('abort'));
  }

  progress(loaded: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded }));
  }
}

afterEach(() => void vi.unstubAllGlobals());

function post(options: Partial<PostOptions> = {}) {
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
  const clock = new ManualClock();
  const seen: number[] = [];
  const stop = new AbortController();
  const status = postFile({
    form: { url: 'https://files.test/', fields: { key: 'k', Policy: 'p' } },
    file: new Blob(['hello']),
    name: 'plan.txt',
    fetch: undefined,
    clock,
    signal: stop.signal,
    progressed: (bytes) => seen.push(bytes),
    ...options,
  });
  return { clock, seen, stop, status };
}

describe('a form', () => {
  test('is posted with its fields before the file, and reports progress', async () => {
    const { status, seen } = post();
    const request = FakeRequest.last;
    request.progress(3);
    request.progress(5);
    request.status = 204;
    request.events.dispatchEvent(new Event('load'));
    await expect(status).resolves.toBe(204);
    expect(seen).toEqual([3, 5]);
    expect(request.opened).toEqual(['POST', 'https://files.test/']);
    const fields = [...(request.body?.entries() ?? [])];
    expect(fields.map(([name]) => name)).toEqual(['key', 'Policy', 'file']);
    expect(fields.at(-1)?.[1]).toMatchObject({ name: 'plan.txt' });
  });

  test.each([
    ['it is stopped', async ({ stop }: ReturnType<typeof post>) => stop.abort()],
    ['nothing was sent for a minute', async ({ clock }: ReturnType<typeof post>) => clock.advance(60_000)],
    ['the network is lost', async () => void FakeRequest.last.events.dispatchEvent(new Event('error'))],
  ])('is given up when %s', async (_, end) => {
    const posting = post();
    const failed = posting.status.catch((error: unknown) => error);
    await end(posting);
    await expect(failed).resolves.toMatchObject({ message: 'The file could not be posted.' });
  });

  test('has another minute after each progress', async () => {
    const { clock, status } = post();
    await clock.advance(50_000);
    FakeRequest.last.progress(1);
    await clock.advance(50_000);
    FakeRequest.last.status = 403;
    FakeRequest.last.events.dispatchEvent(new Event('load'));
    await expect(status).resolves.toBe(403);
  });

  test('is posted by the function of the application if there is one', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response(null, { status: 204 })));
    await expect(post({ fetch }).status).resolves.toBe(204);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
