/** One room on one terminal: prints what happens, and does what is typed. */
import type { ChatClient, ChatProblem, Room, RoomMessage, RoomSnapshot } from '../index.ts';
import { usage } from './command-line.ts';
import { readLine } from './line.ts';
import type { Screen } from './screen.ts';
import { lineOf, linesBetween, typingHint, usersLine } from './transcript.ts';

export class Conversation {
  /** Settles when the user has had enough, or with the reason why there is no more. */
  readonly over: Promise<string | undefined>;
  private readonly client: ChatClient;
  private readonly room: Room;
  private readonly screen: Screen;
  private finish: (reason?: string) => void = () => {};
  private seen: RoomSnapshot | undefined;
  private state = '';
  private isLoading = false;
  private isLeaving = false;

  constructor(client: ChatClient, room: Room, screen: Screen) {
    this.client = client;
    this.room = room;
    this.screen = screen;
    const stops = [room.subscribe(() => this.look()), client.subscribe(() => this.lookAtConnection())];
    this.over = new Promise((resolve) => {
      this.finish = (reason) => {
        for (const stop of stops) stop();
        resolve(reason);
      };
    });
    this.look();
  }

  typed(text: string): void {
    this.act(text).catch((error: unknown) => this.screen.print(`! ${(error as Error).message}`));
  }

  key(): void {
    this.room.setTyping();
  }

  /** Waits for what is still on its way; a second time it does not. */
  leave(): void {
    if (this.isLeaving || !this.isUnderWay()) this.finish();
    this.isLeaving = true;
  }

  private async act(text: string): Promise<void> {
    const line = readLine(text);
    switch (line.kind) {
      case 'nothing':
        return;
      case 'message':
        this.room.send(line.content);
        if (this.room.status !== 'live') this.screen.print(`* kept until it can be sent: ${line.content}`);
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
        return this.room.edit(this.own(line.seq), line.content);
      case 'delete':
        return this.room.delete(this.own(line.seq));
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
    if (older.length === 0) this.screen.print('* that is where it begins');
    for (const message of older) this.screen.print(`  ${lineOf(message)}`);
    this.seen = this.room.getSnapshot();
  }

  private own(seq: number | undefined): string {
    const isWanted = (message: RoomMessage): boolean =>
      message.is_mine &&
      message.state === 'sent' &&
      !message.is_deleted &&
      (seq === undefined || message.seq === seq);
    const found = this.room.messages.findLast(isWanted)?.message_id;
    if (typeof found !== 'string') {
      throw new Error(
        seq === undefined ? 'You have written nothing here' : `#${seq} is no message of yours here`,
      );
    }
    return found;
  }

  private look(): void {
    const after = this.room.getSnapshot();
    this.screen.prompt(`${after.name}${typingHint(after)}> `);
    if (after.status === 'closed') this.finish(problemLine(after.problem));
    if (this.isLoading) return;
    const isFirst = this.seen === undefined;
    if (isFirst && after.status !== 'live') return;
    const lines = linesBetween(this.seen, after);
    this.seen = after;
    for (const line of lines) this.screen.print(line);
    if (isFirst) this.screen.print(`* ${usersLine(after)}`);
    if (after.unread > 0) this.room.markRead();
    if (this.isLeaving && !this.isUnderWay()) this.finish();
  }

  private lookAtConnection(): void {
    const { state, problem } = this.client.getSnapshot();
    if (state === this.state) return;
    const before = this.state;
    this.state = state;
    if (state === 'signed-out') this.finish('You were signed out');
    else if (state === 'offline')
      this.screen.print(`* offline, trying again${problem ? `: ${problem.detail}` : ''}`);
    else if (state === 'live' && before !== '' && before !== 'connecting') this.screen.print('* back again');
  }

  /** Lines that were piped in may be there before the room is. */
  private isUnderWay(): boolean {
    const { status, messages } = this.room.getSnapshot();
    return status === 'opening' || messages.some(({ state }) => state === 'sending');
  }
}

function problemLine(problem: ChatProblem | undefined): string {
  return problem?.detail ?? 'The room was closed';
}
