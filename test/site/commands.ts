/** Checks that the commands of a shell snippet exist, with their flags as far as this project reads them. */
import { existsSync, readFileSync } from 'node:fs';
import { readCommandLine as readChatFlags } from '../../examples/terminal/command-line.ts';
import { readCommandLine as readStartFlags } from '../../local/command-line.ts';
import { settingRows } from '../../shared/settings/settings.ts';
import type { Snippet } from './snippets.ts';

const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
const variables = new Set([
  'PORT',
  'DATA_DIRECTORY',
  'DYNAMODB_ENDPOINT',
  'CHAT_URL',
  ...settingRows.map(([, { variable }]) => variable),
]);
/** Commands that belong to the application of the reader. */
const commandsOfReaders = /^(cd|npm create|npm install|npm pack|npm run dev) /;

/** Returns the commands of a snippet without comments; lines that end with a backslash continue. */
export function commandsIn(code: string): string[] {
  return code
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/**
 * Checks one command.
 * @throws Error when it cannot work
 */
export function checkCommand(line: string): void {
  const words = line.split(/\s+/);
  while (/^[A-Z_]+=/.test(words[0] ?? '')) {
    const [name = ''] = words.shift()!.split('=');
    if (!variables.has(name)) throw new Error(`No setting and no variable of npm start is called ${name}`);
  }
  const [program, second = '', ...rest] = words;
  const command = words.join(' ');
  const flags = rest[0] === '--' ? rest.slice(1) : rest;
  if (commandsOfReaders.test(`${command} `)) return;
  if (program === 'npm' && second === 'start') return void readStartFlags(flags, {});
  if (program === 'npm' && second === 'test') return;
  if (program === 'npm' && second === 'run') {
    const [name = '', separator, ...args] = rest;
    if (manifest.scripts[name] === undefined) throw new Error(`package.json has no script ${name}`);
    if (name === 'chat') readChatFlags(separator === '--' ? args : []);
    return;
  }
  if (program === 'npx' && existsSync(`node_modules/.bin/${second}`)) return;
  throw new Error(`Unknown command: ${command}`);
}

/** Checks all commands of a shell snippet that no test runs. */
export function checkCommands({ code }: Snippet): void {
  for (const line of commandsIn(code)) checkCommand(line);
}
