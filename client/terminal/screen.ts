/** The terminal: lines above, the line that is being typed below. It knows nothing of chat. */
import { clearLine, createInterface, cursorTo, moveCursor, type Interface } from 'node:readline';

export interface Screen {
  print(line: string): void;
  /** What stands before the line that is being typed. */
  prompt(text: string): void;
  close(): void;
}

export interface ScreenEvents {
  line(text: string): void;
  /** A key that belongs to a line. */
  key(): void;
  /** Ctrl-C, Ctrl-D, or the end of what is piped in. */
  end(): void;
}

export function openScreen(events: ScreenEvents): Screen {
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  const lines: Interface = createInterface({
    input: stdin,
    output: stdout,
    terminal: isTerminal,
    prompt: '',
  });
  lines.on('line', (text) => {
    if (isTerminal) eraseTyped(lines.getPrompt().length + text.length);
    events.line(text);
    if (isTerminal) lines.prompt();
  });
  lines.on('SIGINT', () => events.end());
  lines.on('close', () => events.end());
  if (isTerminal)
    stdin.on('keypress', (_: unknown, key?: { name?: string }) => key?.name !== 'return' && events.key());
  return {
    print(line) {
      if (isTerminal) {
        cursorTo(stdout, 0);
        clearLine(stdout, 0);
      }
      stdout.write(`${line}\n`);
      if (isTerminal) lines.prompt(true);
    },
    prompt(text) {
      if (!isTerminal || lines.getPrompt() === text) return;
      lines.setPrompt(text);
      lines.prompt(true);
    },
    close() {
      lines.removeAllListeners('close');
      lines.close();
      if (isTerminal) {
        cursorTo(stdout, 0);
        clearLine(stdout, 0);
      }
    },
  };
}

/** The message shows up again among the others, with its time. */
function eraseTyped(columns: number): void {
  const rows = Math.floor(columns / (process.stdout.columns || 80)) + 1;
  moveCursor(process.stdout, 0, -rows);
  cursorTo(process.stdout, 0);
  process.stdout.write('\u001b[J');
}
