/** Posts a file with the form that the server has made for it: with progress where the runtime reports it. */
import type { UploadForm } from '../contract/entities.ts';
import type { Clock } from '../system.ts';

export interface PostOptions {
  form: Pick<UploadForm, 'url' | 'fields'>;
  file: Blob;
  name: string;
  /** Undefined if the application has not passed one of its own. */
  fetch: typeof globalThis.fetch | undefined;
  clock: Clock;
  signal: AbortSignal;
  /** Receives how many bytes of the form have been sent. */
  progressed(bytes: number): void;
}

/** A post is given up when nothing was sent for this time. */
const patienceMs = 60_000;

/** The part of `XMLHttpRequest` that is used here: the core is compiled without the types of browsers. */
interface RequestLike {
  upload: { addEventListener(type: 'progress', listener: (event: { loaded: number }) => void): void };
  status: number;
  addEventListener(type: 'load' | 'error' | 'abort', listener: () => void): void;
  open(method: string, url: string): void;
  send(body: FormData): void;
  abort(): void;
}

/**
 * Returns the status of the answer. Rejects when there is none.
 *
 * Only `XMLHttpRequest` reports progress. The `fetch` of an application takes precedence.
 */
export async function postFile(options: PostOptions): Promise<number> {
  const { form, file, name, clock } = options;
  const body = new FormData();
  for (const [field, value] of Object.entries(form.fields)) body.append(field, value);
  // The storage ignores fields after the file.
  body.append('file', file, name);
  const stop = new AbortController();
  const end = (): void => stop.abort();
  options.signal.addEventListener('abort', end);
  let cancelPatience = clock.after(patienceMs, end);
  const progressed = (bytes: number): void => {
    cancelPatience();
    cancelPatience = clock.after(patienceMs, end);
    options.progressed(bytes);
  };
  try {
    const { XMLHttpRequest } = globalThis as { XMLHttpRequest?: new () => RequestLike };
    if (XMLHttpRequest !== undefined && options.fetch === undefined)
      return await sendRequest(new XMLHttpRequest(), {
        url: form.url,
        body,
        signal: stop.signal,
        progressed,
      });
    // Without progress, the whole file has this long.
    cancelPatience();
    cancelPatience = clock.after(patienceMs * 10, end);
    const request = options.fetch ?? globalThis.fetch;
    const { status } = await request(form.url, { method: 'POST', body, signal: stop.signal });
    return status;
  } finally {
    cancelPatience();
    options.signal.removeEventListener('abort', end);
  }
}

function sendRequest(
  request: RequestLike,
  {
    url,
    body,
    signal,
    progressed,
  }: { url: string; body: FormData; signal: AbortSignal; progressed: (bytes: number) => void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (): void => reject(new TypeError('The file could not be posted.'));
    request.upload.addEventListener('progress', ({ loaded }) => progressed(loaded));
    request.addEventListener('load', () => resolve(request.status));
    request.addEventListener('error', failed);
    request.addEventListener('abort', failed);
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', url);
    request.send(body);
  });
}
