/** Reads what `npm run bench` is told; it runs nothing. */

import { parseArgs } from 'node:util';

export const sectionNames = ['conversation', 'operations', 'cold-start', 'fanOut', 'price'] as const;
export type SectionName = (typeof sectionNames)[number];

/** `own`: this project's; `seed`: that of the Django project, which has a smaller welcome. */
export type Protocol = 'own' | 'seed';

export interface CommandLine {
  only: readonly SectionName[];
  json: string | undefined;
  /** A server that is up, without a slash at its end; a local runtime of the bench's own when absent. */
  url: string | undefined;
  protocol: Protocol;
  /** Access tokens, one a line; users are registered when absent. */
  tokens: string | undefined;
}

export const usage = `npm run bench [-- flags]

  --only ${sectionNames.join(',')}
  --json FILE       also write {figure: number}
  --url URL         for the conversation: any server that is up, instead of a local runtime
  --protocol seed   that server speaks the protocol of the Django project, not this one's
  --tokens FILE     access tokens for it, one a line, instead of registering users
`;

/** Throws with a sentence when something is not understood. */
export function readCommandLine(flags: string[]): CommandLine {
  const { values } = parseArgs({
    args: flags,
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      url: { type: 'string' },
      protocol: { type: 'string', default: 'own' },
      tokens: { type: 'string' },
    },
  });
  const { protocol } = values;
  if (protocol !== 'own' && protocol !== 'seed')
    throw new Error(`--protocol is "${protocol}": there are own and seed`);
  if (values.url !== undefined && !URL.canParse(values.url)) throw new Error('--url is not an address');
  return {
    // Another server can only be talked to.
    only: readSections(values.only ?? (values.url === undefined ? sectionNames.join(',') : 'conversation')),
    json: values.json,
    url: values.url?.replace(/\/$/, ''),
    protocol,
    tokens: values.tokens,
  };
}

function readSections(text: string): SectionName[] {
  const wanted = text.split(',');
  const unknown = wanted.find((name) => !sectionNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only "${unknown}": there are ${sectionNames.join(', ')}`);
  return sectionNames.filter((name) => wanted.includes(name));
}
