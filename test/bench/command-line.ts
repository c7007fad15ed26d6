/** Reads the command line of `npm run bench`. */

import { parseArgs } from 'node:util';

export const sectionNames = [
  'conversation',
  'operations',
  'cold-start',
  'fan-out',
  'inbox',
  'purge',
  'search',
  'price',
] as const;
export type SectionName = (typeof sectionNames)[number];

/** `own`: the protocol of this project. `predecessor`: that of the Django project, which has a shorter welcome. */
export type Protocol = 'own' | 'predecessor';

export interface CommandLine {
  only: readonly SectionName[];
  json: string | undefined;
  /** The address of a running server, without a trailing slash; the bench starts a local runtime when it is absent. */
  url: string | undefined;
  protocol: Protocol;
  /** A file of access tokens, one a line; users are registered when it is absent. */
  tokens: string | undefined;
}

export const usage = `npm run bench [-- flags]

  --only ${sectionNames.join(',')}
  --json FILE              also write the figures as {name: number}
  --url URL                measure the conversation on a running server instead of a local runtime
  --protocol predecessor   the server speaks the protocol of the Django project
  --tokens FILE            access tokens for the server, one a line, instead of registering users
`;

/** Throws an error with a sentence when a flag is invalid. */
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
  if (protocol !== 'own' && protocol !== 'predecessor')
    throw new Error(`--protocol is "${protocol}": choose own or predecessor`);
  if (values.url !== undefined && !URL.canParse(values.url)) throw new Error('--url is not a URL');
  return {
    // On another server only the conversation can be measured.
    only: readSections(values.only ?? (values.url === undefined ? sectionNames.join(',') : 'conversation')),
    json: values.json,
    url: values.url?.replace(/\/$/, ''),
    protocol,
    tokens: values.tokens,
  };
}

function readSections(text: string): SectionName[] {
  const requested = text.split(',');
  const unknown = requested.find((name) => !sectionNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only "${unknown}": choose from ${sectionNames.join(', ')}`);
  return sectionNames.filter((name) => requested.includes(name));
}
