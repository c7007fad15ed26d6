import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../examples/terminal/command-line.ts';
import { banner } from '../../../local/banner.ts';

/** Returns the command lines of `npm run chat` in a banner, as the program reads them. */
function chatsIn(text: string): ReturnType<typeof readCommandLine>[] {
  return text.split('\n').flatMap((line) => {
    const [, flags] = /^ +npm run chat -- (.*)$/.exec(line) ?? [];
    return flags === undefined ? [] : [readCommandLine(flags.split(' '))];
  });
}

const options = { webSocketUrl: 'ws://127.0.0.1:4000', sampleData: 'the users ann and bob', hasPage: true };

describe('the banner of a local run', () => {
  it('has commands that chat at the port of the run, as each sample user', () => {
    const chats = chatsIn(banner({ ...options, url: 'http://127.0.0.1:4000' }));
    const expected = { room: 'general', url: 'http://127.0.0.1:4000', password: 'lantern-orbit-42' };
    expect(chats).toEqual([
      { user: 'ann', ...expected },
      { user: 'bob', ...expected },
    ]);
  });

  it('leaves out the address where it is the default of the terminal chat', () => {
    const text = banner({ ...options, url: 'http://127.0.0.1:3000', sampleData: undefined });
    expect(text).not.toContain('--url');
    expect(chatsIn(text)).toMatchObject([{ user: 'NAME', url: 'http://127.0.0.1:3000' }]);
  });
});
