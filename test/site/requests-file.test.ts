import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useRuntime } from '../kit/use-runtime.ts';
import { HttpSession, parseHttpFile } from './http-file.ts';

const { variables, requests } = parseHttpFile(readFileSync('requests.http', 'utf8'));
const { runtime } = useRuntime();

/** The statuses that a title states: `Register: 201, or 409 when the file is run again`. */
function statesOf(title: string): { first: number; again: number } {
  const [, first, again = first] = /: (\d{3})(?:, or (\d{3}) when the file is run again)?/.exec(title) ?? [];
  return { first: Number(first), again: Number(again) };
}

async function runAll(run: 'first' | 'again'): Promise<void> {
  const session = new HttpSession({ ...variables, host: runtime().url });
  for (const request of requests) {
    const { status, body } = await session.send(request);
    expect(status, `${request.title}\n${JSON.stringify(body)}`).toBe(statesOf(request.title)[run]);
  }
}

describe('requests.http', () => {
  it('runs from top to bottom with the statuses that its titles state, also a second time', async () => {
    expect(requests.length).toBeGreaterThan(15);
    await runAll('first');
    await runAll('again');
  });
});

describe('the reader of .http files', () => {
  it('reads titles, names, headers and bodies, and leaves out comments', () => {
    const text =
      '# About\n@a = 1\n\n### T\n# @name x\nPOST {{a}}/b\nAccept: c\n\n{"d":\n1}\n\n### U\nGET /e\n';
    expect(parseHttpFile(text)).toEqual({
      variables: { a: '1' },
      requests: [
        {
          title: 'T',
          name: 'x',
          method: 'POST',
          url: '{{a}}/b',
          headers: { Accept: 'c' },
          body: '{"d":\n1}',
        },
        { title: 'U', name: undefined, method: 'GET', url: '/e', headers: {}, body: undefined },
      ],
    });
  });

  it('refuses a line that is no request, and a reference without a value', async () => {
    expect(() => parseHttpFile('### T\nFETCH /a\n')).toThrow('Not a request: FETCH /a');
    const [request] = parseHttpFile('### T\nGET /{{x.response.body.$.id}}\n').requests;
    await expect(new HttpSession({}).send(request!)).rejects.toThrow('{{x.response.body.$.id}} has no value');
  });
});
