/** The terminal: prints lines above the line that the user is typing. It knows nothing of chat. */
import { clearLine, createInterface, cursorTo, moveCursor, type Interface } from 'node:readline';

export interface Screen {
  print(line: string): void;
  /** Sets the text before the line that the user is typing. */
  prompt(text: string): void;
  close(): void;
}

export interface ScreenEvents {
  line(text: string): void;
  /** The user pressed a key other than Enter. */
  key(): void;
  /** The user pressed Ctrl-C or Ctrl-D, or the piped input has ended. */
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
    if (isTerminal) eraseTypedLine(lines.getPrompt().length + text.length);
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

/** Erases the line that the user entered: the message is printed again with its time when the server has stored it. */
function eraseTypedLine(columns: number): void {
  const rows = Math.floor(columns / (process.stdout.columns || 80)) + 1;
  moveCursor(process.stdout, 0, -rows);
  cursorTo(process.stdout, 0);
  process.stdout.write('\u001b[J');
}
