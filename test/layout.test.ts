import { describe, expect, it } from 'vitest';
import { importsOf, sourcesUnder, type Source } from './source-files.ts';

/** The folders of the project that the sources of a folder may import, their own included. */
const allowedImports: Record<string, string[]> = {
  'shared/contract': ['shared/contract'],
  'shared/settings': ['shared/settings'],
  'shared/metrics': ['shared/metrics', 'shared/contract'],
  'shared/domain': ['shared/domain', 'shared/contract'],
  'shared/aws': ['shared/aws'],
  'shared/storage': ['shared/storage', 'shared/domain', 'shared/contract', 'shared/aws'],
  'shared/realtime': ['shared/realtime', 'shared/domain', 'shared/contract', 'shared/metrics', 'shared/aws'],
  'shared/lambda': [
    'shared/lambda',
    'shared/domain',
    'shared/contract',
    'shared/settings',
    'shared/metrics',
    'shared/aws',
  ],
  functions: ['functions', 'shared'],
  infra: [
    'infra',
    'shared/contract',
    'shared/settings',
    'shared/metrics',
    'shared/domain/files/object-keys.ts',
    'shared/storage/stream-changes.ts',
    'shared/storage/lookup-attributes.ts',
    'web/build.ts',
  ],
  // The parts of the contract without zod. The rest of it is written to client/src/contract as types and plain data.
  client: [
    'client',
    'shared/contract/characters.ts',
    'shared/contract/limits.ts',
    'shared/contract/wire-constants.ts',
  ],
  examples: ['examples', 'client'],
  web: ['web'],
  local: ['local'],
  site: ['site'],
  'tools/documents': ['tools/documents', 'shared/contract'],
};

/** The files of functions/ that may create clients of AWS; all other files receive them as arguments. */
const compositionFiles = /^functions\/([\w-]+\/dependencies|disconnect\/index|fan-out\/index)\.ts$/;

const isWithin = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
const isOfProject = (path: string): boolean =>
  /^(shared|functions|infra|client|examples|web|local|site|test|tools)\//.test(path);

/** Returns `file → import` for each import that the folder of the file does not allow. */
function forbiddenImports(source: Source): string[] {
  const [, allowed = []] =
    Object.entries(allowedImports).find(([folder]) => isWithin(source.path, folder)) ?? [];
  return importsOf(source)
    .filter(
      (path) => isOfProject(path) && !allowed.some((folder) => path === folder || isWithin(path, folder)),
    )
    .map((path) => `${source.path} → ${path}`);
}

const createsClients = (source: Source): boolean =>
  importsOf(source).some((name) => name.startsWith('@aws-sdk/') || name.endsWith('/storage/open-table.ts'));

/** Returns the imported packages that the domain and the contract must not depend on. */
const impureImports = (source: Source): string[] =>
  importsOf(source).filter((name) =>
    /^(@aws|@middy|aws-|jose|bcryptjs|node:(fs|http|net|child_process))/.test(name),
  );

/** Whether the source reads the kind or the creator of a room, as a decision on permissions does. */
const decidesOnRooms = ({ text }: Source): boolean =>
  /\.is(Private|Direct)\b|creatorId [!=]==|[!=]== [\w.]*creatorId\b|[!=]== [\w.]*[uU]serId\) throw new ChatError\('(forbidden|not_found)'/.test(
    text,
  );

/** These read the kind or creator of a room for other purposes: views, a new member's role, and erasure. */
const exemptFromDeciding = new Set([
  'shared/domain/views.ts',
  'shared/domain/rooms/membership/join-room.ts',
  'shared/domain/accounts/erase-user.ts',
]);

/** Returns the paths of one import cycle, imports of types included; undefined when there is none. */
function findCycle(all: readonly Source[]): string[] | undefined {
  const byPath = new Map(all.map((source) => [source.path, source]));
  const done = new Set<string>();
  function walk(path: string, above: string[]): string[] | undefined {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return undefined;
    const from = byPath.get(path);
    for (const next of from === undefined ? [] : importsOf(from)) {
      const cycle = walk(next, [...above, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  }
  for (const { path } of all) {
    const cycle = walk(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

const sources = sourcesUnder(...Object.keys(allowedImports));

describe('the layout', () => {
  it.each(Object.keys(allowedImports))('lets %s import only the folders below it', (folder) => {
    const own = sources.filter(({ path }) => isWithin(path, folder));
    expect(own.length).toBeGreaterThan(1);
    expect(own.flatMap(forbiddenImports)).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(findCycle(sources)).toBeUndefined();
  });

  it('has no function that imports another function', () => {
    const others = sources
      .filter(({ path }) => isWithin(path, 'functions'))
      .flatMap((source) => importsOf(source).map((path) => ({ from: source.path, path })))
      .filter(({ from, path }) => isWithin(path, 'functions') && path.split('/')[1] !== from.split('/')[1]);
    expect(others).toEqual([]);
  });

  it('creates the clients of AWS in one file of each function', () => {
    const made = sources.filter(({ path }) => isWithin(path, 'functions')).filter(createsClients);
    expect(made.length).toBeGreaterThan(4);
    expect(made.map(({ path }) => path).filter((path) => !compositionFiles.test(path))).toEqual([]);
  });

  it('keeps AWS, the network and the file system out of the domain, the contract and its documents', () => {
    const pure = sources.filter(
      ({ path }) =>
        isWithin(path, 'shared/domain') ||
        isWithin(path, 'shared/contract') ||
        isWithin(path, 'tools/documents'),
    );
    expect(pure.flatMap(impureImports)).toEqual([]);
  });

  it('keeps the clock, randomness and the environment out of the domain and the settings', () => {
    const rules = sources.filter(
      ({ path }) => isWithin(path, 'shared/domain') || isWithin(path, 'shared/settings'),
    );
    const impure = rules.filter(({ text }) =>
      /Date\.now|new Date\(\)|Math\.random|randomUUID|process\.env/.test(text),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it('decides on permissions in rooms in one file', () => {
    const deciding = sources.filter(
      ({ path }) =>
        /^(shared\/(domain|realtime|lambda)|functions)\//.test(path) && !exemptFromDeciding.has(path),
    );
    expect(deciding.filter(decidesOnRooms).map(({ path }) => path)).toEqual(['shared/domain/access.ts']);
  });

  it('posts to connections in one file', () => {
    const running = sources.filter(({ path }) => isWithin(path, 'shared') || isWithin(path, 'functions'));
    const posting = running.filter((source) =>
      importsOf(source).some((name) => /apigatewaymanagementapi|signed-requests/.test(name)),
    );
    expect(posting.map(({ path }) => path)).toEqual(['shared/realtime/connection-gateway.ts']);
    expect(running.filter(({ text }) => text.includes('@connections')).map(({ path }) => path)).toEqual([
      'shared/realtime/signed-requests.ts',
    ]);
  });
});

const source = (path: string, text: string): Source => ({ path, text });

describe('the rules of this test', () => {
  it.each([
    ["import { x } from '../storage/keys.ts';", 'shared/domain/x.ts', 'shared/storage/keys.ts'],
    [
      "export { x } from '../../functions/chat/handlers.ts';",
      'shared/lambda/x.ts',
      'functions/chat/handlers.ts',
    ],
    [
      "import type { X } from '../shared/domain/model/rooms.ts';",
      'infra/x.ts',
      'shared/domain/model/rooms.ts',
    ],
    ["const x = await import('../shared/lambda/config.ts');", 'client/x.ts', 'shared/lambda/config.ts'],
    ["import '../infra/app.ts';", 'local/x.ts', 'infra/app.ts'],
    [
      "import {\n  x,\n} from '../realtime/for-each-concurrent.ts';",
      'shared/storage/x.ts',
      'shared/realtime/for-each-concurrent.ts',
    ],
  ])('report the import in %s', (text, path, found) => {
    expect(forbiddenImports(source(path, text))).toEqual([`${path} → ${found}`]);
  });

  it('report an import cycle, also one of types', () => {
    const cycle = [
      source('local/a.ts', "import { b } from './b.ts';"),
      source('local/b.ts', "import { c } from './c.ts';"),
      source('local/c.ts', "import type { B } from './b.ts';"),
    ];
    expect(findCycle(cycle)).toEqual(['local/b.ts', 'local/c.ts', 'local/b.ts']);
    expect(findCycle(cycle.slice(0, 2))).toBeUndefined();
  });

  it('allow imports of the folders below', () => {
    expect(
      forbiddenImports(
        source('shared/domain/x.ts', "import { y } from '../contract/errors.ts';\nimport * as z from 'zod';"),
      ),
    ).toEqual([]);
  });

  it.each([
    ["if (room.isPrivate && member === undefined) throw new ChatError('not_found');", true],
    ["if (userId === room.creatorId) throw new ChatError('forbidden');", true],
    ["if (message.userId !== caller.userId) throw new ChatError('forbidden');", true],
    ["authorize('deleteRoom', room, userId, member);", false],
    ["if (event.user_id === userId) set['username'] = name;", false],
  ])('recognize a decision on permissions in %s: %s', (text, decides) => {
    expect(decidesOnRooms(source('shared/domain/x.ts', text))).toBe(decides);
  });

  it('recognize clients of AWS and impure imports', () => {
    expect(
      createsClients(
        source('functions/chat/x.ts', "import { openTable } from '../../shared/storage/open-table.ts';"),
      ),
    ).toBe(true);
    expect(impureImports(source('shared/domain/x.ts', "import { readFileSync } from 'node:fs';"))).toEqual([
      'node:fs',
    ]);
  });
});
