/** Every command of an operator as it is typed: its help, and arguments that it refuses without credentials. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const projectDirectory = fileURLToPath(new URL('../../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${projectDirectory}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const file = /tools\/operate\/\S+\.ts$/.exec(script)?.[0];
  return file === undefined ? [] : [{ name, file }];
});

/** Runs the script of a command without any AWS configuration. */
async function run(file: string, args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: projectDirectory,
    env: {
      PATH: process.env['PATH'],
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    },
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output, errors };
}

describe('the commands of an operator', () => {
  it('are those of package.json', () => {
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['preflight', 'deploy', 'smoke', 'destroy', 'restore', 'migrate', 'first-hour']),
    );
  });

  it.each(commands)('$name prints its help and refuses an unknown option', async ({ name, file }) => {
    const [help, refused] = await Promise.all([run(file, ['--help']), run(file, ['--nonsense'])]);
    expect(help).toMatchObject({ code: 0, errors: '' });
    expect(help.output).toContain(`npm run ${name} -- [options]`);
    expect(refused).toMatchObject({ code: 2, errors: "Unknown option '--nonsense'\n" });
  });

  it.each([...commands, { name: 'redrive', file: 'tools/redrive.ts' }])(
    '$name refuses an unknown stage in one line, before it looks for credentials',
    async ({ file }) => {
      const { code, output, errors } = await run(file, ['--stage', 'production']);
      expect({ code, output }).toEqual({ code: 1, output: '' });
      expect(errors).toBe('There is no stage "production" to deploy: choose one of dev, staging, prod.\n');
    },
  );

  it('name the missing credentials in one line', async () => {
    const { code, errors } = await run('tools/operate/preflight.ts', ['--stage', 'dev']);
    expect(code).toBe(1);
    expect(errors).toMatch(/^No AWS (region is set|credentials were found)\. [^\n]+\n$/);
  });
});
