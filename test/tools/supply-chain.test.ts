import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { billOfMaterials } from '../../tools/bill-of-materials.ts';
import { disallowedLicenses } from '../../tools/licenses.ts';
import { lockedPackages, readLockFile, type LockFile } from '../../tools/lock-file.ts';

const lock = readLockFile();
const packages = lockedPackages(lock);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];

describe('the dependencies', () => {
  it.each(kinds)('are pinned to exact versions in %s', (kind) => {
    const declared: Record<string, string> = manifest[kind];
    expect(Object.keys(declared).length).toBeGreaterThan(0);
    for (const [name, version] of Object.entries(declared)) {
      expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
    }
    expect(lock.packages['']).toMatchObject({ [kind]: declared });
  });

  it.each(manifest.workspaces as string[])(
    'are pinned to exact versions in the workspace %s',
    (workspace) => {
      const { devDependencies } = JSON.parse(readFileSync(`${workspace}/package.json`, 'utf8'));
      expect(Object.keys(devDependencies).length).toBeGreaterThan(0);
      expect(
        Object.values(devDependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version))),
      ).toEqual([]);
      expect(lock.packages[workspace]).toMatchObject({ devDependencies });
    },
  );

  it('have a hash, or are bundled in a package that has one', () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(packages.length).toBeGreaterThan(100);
    for (const { path, version } of packages)
      expect(`${path} ${version}`).toMatch(/ \d+\.\d+\.\d+(-[\w.-]+)?$/);
    for (const { path, integrity } of packages.filter(({ isBundled }) => !isBundled))
      expect(`${path} ${integrity}`).toMatch(/ sha512-[\w+/]{86}==$/);
  });

  it('run no scripts when they are installed', () => {
    const settings = readFileSync('.npmrc', 'utf8').split('\n');
    expect(settings).toContain('ignore-scripts=true');
    expect(settings).toContain('save-exact=true');
    // These have scripts: the first counts installations, the second downloads what its own packages contain.
    const names = packages.flatMap(({ name, hasInstallScript }) => (hasInstallScript ? [name] : []));
    expect([...new Set(names)]).toEqual(['@scarf/scarf', 'esbuild']);
  });
});

const lockWith = (license: string | undefined, dev = false): LockFile => ({
  lockfileVersion: 3,
  packages: { 'node_modules/x': { version: '1.0.0', dev, ...(license !== undefined && { license }) } },
});

describe('the licenses', () => {
  it('are all allowed', () => {
    expect(disallowedLicenses(packages)).toEqual([]);
  });

  it.each([
    ['MIT', false, true],
    ['(MIT OR GPL-3.0-or-later)', false, true],
    ['(MIT AND Apache-2.0)', false, true],
    ['(MIT AND GPL-3.0-only)', false, false],
    ['GPL-3.0-or-later', false, false],
    ['AGPL-3.0-only', true, false],
    ['MPL-2.0', true, true],
    ['MPL-2.0', false, false],
    ['SEE LICENSE IN license.md', false, false],
    ['UNLICENSED', true, false],
    [undefined, true, false],
  ])('%s of a development dependency (%s) is allowed: %s', (license, isDev, isAllowed) => {
    const found = disallowedLicenses(lockedPackages(lockWith(license, isDev)));
    expect(found).toEqual(isAllowed ? [] : [`x@1.0.0: ${license ?? 'no license'}`]);
  });

  it.each([
    ['@img/sharp-wasm32', 'Apache-2.0 AND LGPL-3.0-or-later AND MIT', true],
    ['@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later', true],
    ['@img/sharp-wasm32', 'GPL-3.0-or-later', false],
    ['@img/sharp-wasm32-copy', 'LGPL-3.0-or-later', false],
    ['sharp', 'LGPL-3.0-or-later', false],
  ])('%s with the license %s is allowed: %s', (name, license, isAllowed) => {
    const packages = { [`node_modules/${name}`]: { version: '1.0.0', license } };
    const found = disallowedLicenses(lockedPackages({ lockfileVersion: 3, packages }));
    expect(found).toEqual(isAllowed ? [] : [`${name}@1.0.0: ${license}`]);
  });
});

describe('the bill of materials', () => {
  const project = { name: 'p', version: '1.0.0', description: 'd', license: 'MIT' };
  const document: any = billOfMaterials(project, lock);
  const references: string[] = document.components.map((component: any) => component['bom-ref']);

  it('lists every locked package once', () => {
    const locked = packages.map(({ name, version }) => `${name}@${version}`);
    expect(references.toSorted()).toEqual([...new Set(locked)].toSorted());
  });

  it('describes a package with its scope, hash, license and URL', () => {
    const find = (name: string) => document.components.find((component: any) => component.name === name);
    expect(find('@aws-sdk/client-dynamodb')).toEqual({
      type: 'library',
      'bom-ref': expect.stringMatching(/^@aws-sdk\/client-dynamodb@3\./),
      name: '@aws-sdk/client-dynamodb',
      version: manifest.dependencies['@aws-sdk/client-dynamodb'],
      scope: 'required',
      hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
      licenses: [{ license: { id: 'Apache-2.0' } }],
      purl: `pkg:npm/%40aws-sdk/client-dynamodb@${manifest.dependencies['@aws-sdk/client-dynamodb']}`,
    });
    expect(find('vitest')).toMatchObject({ scope: 'excluded' });
    expect(find('@dynoxide/linux-x64').licenses).toEqual([{ expression: '(MIT OR Apache-2.0)' }]);
  });

  it('lists the dependencies of every package, as Node.js resolves them', () => {
    const edges = new Map<string, string[]>(
      document.dependencies.map(({ ref, dependsOn }: any) => [ref, dependsOn]),
    );
    expect([...edges.keys()].toSorted()).toEqual(['p@1.0.0', ...references].toSorted());
    for (const dependsOn of edges.values()) expect(references).toEqual(expect.arrayContaining(dependsOn));
    const direct = kinds.flatMap((kind) => Object.entries<string>(manifest[kind]));
    expect(edges.get('p@1.0.0')).toEqual(direct.map(([name, version]) => `${name}@${version}`).toSorted());
    const nested = billOfMaterials(project, {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { a: '1.0.0', b: '2.0.0' } },
        'node_modules/a': { version: '1.0.0', dependencies: { b: '^1.0.0', c: '1.0.0' } },
        'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '1.0.0' } },
        'node_modules/b': { version: '2.0.0' },
        'node_modules/c': { version: '1.0.0' },
      },
    });
    expect((nested as any).dependencies).toEqual([
      { ref: 'p@1.0.0', dependsOn: ['a@1.0.0', 'b@2.0.0'] },
      { ref: 'a@1.0.0', dependsOn: ['b@1.0.0', 'c@1.0.0'] },
      { ref: 'b@1.0.0', dependsOn: ['c@1.0.0'] },
      { ref: 'b@2.0.0', dependsOn: [] },
      { ref: 'c@1.0.0', dependsOn: [] },
    ]);
  });

  it('is written by a script, and is equal for equal lock files only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'sbom-'));
    try {
      const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
      for (const name of ['package.json', 'package-lock.json']) cpSync(name, join(directory, name));
      mkdirSync(join(directory, 'tools'));
      for (const name of ['sbom', 'bill-of-materials', 'lock-file'])
        cpSync(`tools/${name}.ts`, join(directory, `tools/${name}.ts`));
      const write = (): string => {
        const written = execFileSync(process.execPath, ['--import', loader, 'tools/sbom.ts'], {
          cwd: directory,
          encoding: 'utf8',
        });
        return readFileSync(join(directory, written.trim()), 'utf8');
      };
      const first = write();
      expect(write()).toBe(first);
      expect(JSON.parse(first).serialNumber).not.toBe(document.serialNumber);
      expect(first).not.toMatch(/https?:\/\/(?!cyclonedx\.org)/);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
