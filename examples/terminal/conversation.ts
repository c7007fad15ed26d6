/** One room in the terminal: prints its changes, and carries out the user's commands. */
import type { ChatClient, ChatProblem, Room, RoomMessage, RoomSnapshot } from '../../client/src/index.ts';
import { usage } from './command-line.ts';
import { parseLine } from './line.ts';
import type { Screen } from './screen.ts';
import { lineOf, linesBetween, typingHint, usersLine } from './transcript.ts';

export class Conversation {
  /** Resolves when the user leaves, or with the reason for which the conversation had to end. */
  readonly ended: Promise<string | undefined>;
  private readonly client: ChatClient;
  private readonly room: Room;
  private readonly screen: Screen;
  private finish: (reason?: string) => void = () => {};
  /** The snapshot that was printed last. */
  private printed: RoomSnapshot | undefined;
  private state = '';
  private isLoading = false;
  private isLeaving = false;

  constructor(client: ChatClient, room: Room, screen: Screen) {
    this.client = client;
    this.room = room;
    this.screen = screen;
    const stops = [
      room.subscribe(() => this.roomChanged()),
      client.subscribe(() => this.connectionChanged()),
    ];
    this.ended = new Promise((resolve) => {
      this.finish = (reason) => {
        for (const stop of stops) stop();
        resolve(reason);
      };
    });
    this.roomChanged();
  }

  lineEntered(text: string): void {
    this.execute(text).catch((error: unknown) => this.screen.print(`! ${(error as Error).message}`));
  }

  keyPressed(): void {
    this.room.setTyping();
  }

  /** Ends the conversation when all messages are sent; called again, it ends at once. */
  leave(): void {
    if (this.isLeaving || !this.isSending()) this.finish();
    this.isLeaving = true;
  }

  private async execute(text: string): Promise<void> {
    const line = parseLine(text);
    switch (line.kind) {
      case 'empty':
        return;
      case 'message':
        this.room.send(line.content);
        if (this.room.status !== 'live') this.screen.print(`* will be sent later: ${line.content}`);
        return;
      case 'users':
        this.screen.print(usersLine(this.room.getSnapshot()));
        return;
      case 'older':
        return this.showOlder();
      case 'help':
        this.screen.print(usage.slice(usage.indexOf('  /users')).trimEnd());
        return;
      case 'quit':
        this.leave();
        return;
      case 'edit':
        return this.room.edit(this.findOwn(line.seq), line.content);
      case 'delete':
        return this.room.delete(this.findOwn(line.seq));
      case 'unknown':
        this.screen.print(`! ${line.hint}`);
    }
  }

  private async showOlder(): Promise<void> {
    const known = new Set(this.room.messages.map(({ key }) => key));
    this.isLoading = true;
    try {
      await this.room.loadOlder();
    } finally {
      this.isLoading = false;
    }
    const older = this.room.messages.filter(({ key, state }) => state === 'sent' && !known.has(key));
    if (older.length === 0) this.screen.print('* there are no older messages');
    for (const message of older) this.screen.print(`  ${lineOf(message)}`);
    this.printed = this.room.getSnapshot();
  }

  /** Returns the id of the user's message with that seq, or of their newest message. */
  private findOwn(seq: number | undefined): string {
    const isMatch = (message: RoomMessage): boolean =>
      message.is_mine &&
      message.state === 'sent' &&
      !message.is_deleted &&
      (seq === undefined || message.seq === seq);
    const found = this.room.messages.findLast(isMatch)?.message_id;
    if (typeof found !== 'string') {
      throw new Error(
        seq === undefined ? 'You have no message in this room' : `#${seq} is not a message of yours`,
      );
    }
    return found;
  }

  private roomChanged(): void {
    const after = this.room.getSnapshot();
    this.screen.prompt(`${after.name}${typingHint(after)}> `);
    if (after.status === 'closed') this.finish(problemLine(after.problem));
    if (this.isLoading) return;
    const isFirst = this.printed === undefined;
    if (isFirst && after.status !== 'live') return;
    const lines = linesBetween(this.printed, after);
    this.printed = after;
    for (const line of lines) this.screen.print(line);
    if (isFirst) this.screen.print(`* ${usersLine(after)}`);
    if (after.unread > 0) this.room.markRead();
    if (this.isLeaving && !this.isSending()) this.finish();
  }

  private connectionChanged(): void {
    const { state, problem } = this.client.getSnapshot();
    if (state === this.state) return;
    const before = this.state;
    this.state = state;
    if (state === 'signed-out') this.finish('You were signed out');
    else if (state === 'offline')
      this.screen.print(`* offline, reconnecting${problem ? `: ${problem.detail}` : ''}`);
    else if (state === 'live' && before !== '' && before !== 'connecting')
      this.screen.print('* connected again');
  }

  /** Piped input may come before the room is open, so a room that is opening counts too. */
  private isSending(): boolean {
    const { status, messages } = this.room.getSnapshot();
    return status === 'opening' || messages.some(({ state }) => state === 'sending');
  }
}

function problemLine(problem: ChatProblem | undefined): string {
  return problem?.detail ?? 'The room was closed';
}
