/** The command that runs migrations, with two migrations of items in a table of the real engine. */
import { beforeEach, describe, expect, it } from 'vitest';
import { number, optional } from '../../../shared/storage/attributes.ts';
import { defineEntity } from '../../../shared/storage/entity.ts';
import { schemaVersion } from '../../../shared/storage/schema-version.ts';
import { execute } from '../../../tools/operate/command-line.ts';
import { migrateCommand } from '../../../tools/operate/migrate/migrate-command.ts';
import type { Migration } from '../../../tools/operate/migrate/migration.ts';
import { startTable } from '../../shared/storage/started-table.ts';

const { table, documents, tableName } = await startTable();

const itemCount = 50;
let runId = 0;
let sample: ReturnType<typeof sampleOf>;
let migrations: Migration[];

const sampleOf = (run: number) =>
  defineEntity({
    name: 'sample',
    description: 'an item of this test',
    pk: `MIGRATED${run}#{id}`,
    sk: 'SAMPLE',
    attributes: {
      schemaVersion,
      count: number('count'),
      double: optional(number('double')),
      square: optional(number('square')),
    },
  });

beforeEach(async () => {
  runId += 1;
  sample = sampleOf(runId);
  const entity = sample;
  migrations = [
    {
      name: `double-${runId}`,
      description: 'stores the double',
      entity,
      toVersion: 2,
      reads: ['count'],
      change: (item) => ({ set: { double: 2 * entity.parse(item).count } }),
    },
    {
      name: `square-${runId}`,
      description: 'stores the square of the double',
      entity,
      toVersion: 3,
      reads: ['double'],
      change: (item) => ({ set: { square: (entity.parse(item).double ?? 0) ** 2 } }),
    },
  ];
  for (let id = 0; id < itemCount; id += 1)
    await table.put({ ...sample.key({ id }), ...sample.encode({ count: id }) });
});

/** Runs the command as it is typed, with at most `pages` pages. */
async function run(args: string[], { pages = Infinity } = {}) {
  const lines: string[] = [];
  const errors: string[] = [];
  const opened: string[] = [];
  const stopping = new AbortController();
  const command = migrateCommand({
    migrations,
    async openTable(stage) {
      opened.push(stage);
      return { client: documents, tableName };
    },
    untilInterrupted: () => stopping.signal,
    terminal: {
      print(line) {
        lines.push(line);
        if (lines.length >= pages) stopping.abort();
      },
    },
  });
  const code = await execute(command, args, {
    print: (line) => void lines.push(line),
    printError: (line) => void errors.push(line),
  });
  return { code, lines, errors, opened };
}

const unlimited = ['--read-units', '1000000', '--writes', '1000000'];
const itemAt = async (id: number) => sample.parse((await table.get(sample.key({ id })))!);

describe('the command that migrates', () => {
  it('runs all migrations, oldest first, and changes nothing when it is run again', async () => {
    const { code, lines, opened } = await run(['--stage', 'staging', ...unlimited]);
    expect([code, opened]).toEqual([0, ['staging']]);
    expect(lines.filter((line) => line.includes('done'))).toEqual([
      expect.stringMatching(new RegExp(`^double-${runId} done: \\d+ items read, ${itemCount} changed$`)),
      expect.stringMatching(new RegExp(`^square-${runId} done: \\d+ items read, ${itemCount} changed$`)),
    ]);
    expect(await itemAt(7)).toEqual({ schemaVersion: 3, count: 7, double: 14, square: 196 });
    const again = await run(['--stage', 'staging', ...unlimited]);
    expect(again.lines).toEqual(lines.filter((line) => line.includes('done')));
  });

  it('runs the one that is named alone', async () => {
    const { code } = await run(['--stage', 'dev', '--only', `double-${runId}`, ...unlimited]);
    expect(code).toBe(0);
    expect(await itemAt(7)).toEqual({ schemaVersion: 2, count: 7, double: 14 });
  });

  it('ends with 1 when it is interrupted, before the next migration, and goes on when it is run again', async () => {
    const args = ['--stage', 'dev', '--segments', '1', ...unlimited];
    // The first page is the whole table, so the signal comes between the two migrations.
    const interrupted = await run(args, { pages: 1 });
    expect(interrupted.code).toBe(1);
    expect(interrupted.lines.at(-1)).toBe(
      `square-${runId} interrupted; run it again to go on: 0 items read, 0 changed`,
    );
    expect((await itemAt(7)).schemaVersion).toBe(2);
    expect((await run(args)).code).toBe(0);
    expect((await itemAt(7)).schemaVersion).toBe(3);
  });

  it('lists the migrations without opening the table', async () => {
    expect(await run(['--stage', 'dev', '--list'])).toEqual({
      code: 0,
      lines: [`double-${runId}: stores the double`, `square-${runId}: stores the square of the double`],
      errors: [],
      opened: [],
    });
    migrations = [];
    expect(await run(['--stage', 'dev'])).toMatchObject({
      code: 0,
      lines: ['This version has no migrations.'],
      opened: [],
    });
  });

  it.each([
    [['--stage', 'live'], 'There is no stage "live" to deploy: choose one of dev, staging, prod.'],
    [['--stage', 'dev', '--only', 'x'], 'There is no migration "x".'],
    [['--stage', 'dev', '--segments', '0'], '--segments must be a whole number from 1 on, not "0".'],
    [['--stage', 'dev', '--list', '--writes', 'x'], '--writes must be a whole number from 1 on, not "x".'],
  ])('refuses %j in one line, without opening the table', async (args, line) => {
    expect(await run(args)).toEqual({ code: 1, lines: [], errors: [line], opened: [] });
  });
});
