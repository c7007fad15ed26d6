/** Reads lists page by page, following their `Link` headers as any client would. */
import { call, chatUrl } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';

/** Returns the target of `rel="next"` as a path with its query; undefined on the last page. */
export function nextOf({ headers }: Answer): string | undefined {
  const [, target] = /<([^>]+)>; *rel="next"/.exec(headers.get('link') ?? '') ?? [];
  if (target === undefined) return undefined;
  const url = new URL(target, chatUrl());
  return url.pathname + url.search;
}

/** Yields the pages from a path on. Throws after a thousand pages, which no list here has. */
export async function* pagesFrom(path: string, token?: string): AsyncGenerator<any[]> {
  let next: string | undefined = path;
  for (let page = 0; next !== undefined; page += 1) {
    const answer: Answer = await call('GET', next, { token });
    if (answer.status !== 200 || page > 1_000) throw new Error(`${next}: ${answer.status}`);
    yield answer.body;
    next = nextOf(answer);
  }
}

/** Returns all pages from a path on. */
export async function allPages(path: string, token?: string): Promise<any[][]> {
  const pages: any[][] = [];
  for await (const page of pagesFrom(path, token)) pages.push(page);
  return pages;
}
