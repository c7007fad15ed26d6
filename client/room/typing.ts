/** Who types: one's own keystrokes told sparingly, and others forgotten when they fall silent. */
import type { EventOf } from '../../shared/contract/websocket/events.ts';
import type { Channel } from './channel.ts';

/** An older server does not say how long an indicator holds. */
type TypingIndicator = Omit<EventOf<'typing_indicator'>, 'expires_in_ms'> & { expires_in_ms?: number };

export interface TypingUser {
  id: string;
  username: string;
}

/** At most one `true` in this time. */
const repeatMs = 3_000;
const idleMs = 4_000;
/** How long an indicator holds when the server does not say. */
const defaultLifetimeMs = 8_000;

export class Typing {
  /** The others who type now; a new array with each change. */
  others: readonly TypingUser[] = [];
  private readonly channel: Channel;
  private readonly changed: () => void;
  private isTyping = false;
  private toldAt = Number.NEGATIVE_INFINITY;
  private cancelIdle: (() => void) | undefined;
  private readonly cancelForgetting = new Map<string, () => void>();

  constructor(channel: Channel, changed: () => void) {
    this.channel = channel;
    this.changed = changed;
  }

  /** A key was pressed in this room's field. */
  pressed(): void {
    const { clock } = this.channel;
    this.cancelIdle?.();
    this.cancelIdle = clock.after(idleMs, () => this.stopped());
    this.isTyping = true;
    if (clock.now() - this.toldAt < repeatMs) return;
    if (this.channel.send({ type: 'typing', is_typing: true })) this.toldAt = clock.now();
  }

  /** The field was left or emptied; or the message was sent, which the others see anyway. */
  stopped(wasSent = false): void {
    this.cancelIdle?.();
    if (!this.isTyping) return;
    this.isTyping = false;
    if (wasSent) this.toldAt = Number.NEGATIVE_INFINITY;
    else this.channel.send({ type: 'typing', is_typing: false });
  }

  heard({ user_id, user, is_typing, expires_in_ms: lifetimeMs = defaultLifetimeMs }: TypingIndicator): void {
    this.forget(user_id);
    if (!is_typing) return;
    this.others = [...this.others, { id: user_id, username: user }];
    this.cancelForgetting.set(
      user_id,
      this.channel.clock.after(lifetimeMs, () => {
        this.forget(user_id);
        this.changed();
      }),
    );
  }

  /** Somebody sent what they typed, or left. */
  forget(userId: string): void {
    this.cancelForgetting.get(userId)?.();
    this.cancelForgetting.delete(userId);
    if (this.others.some(({ id }) => id === userId))
      this.others = this.others.filter(({ id }) => id !== userId);
  }

  /** The socket or the room has gone: nothing is known of anybody. */
  reset(): void {
    this.cancelIdle?.();
    this.isTyping = false;
    this.toldAt = Number.NEGATIVE_INFINITY;
    for (const { id } of this.others) this.forget(id);
  }
}
