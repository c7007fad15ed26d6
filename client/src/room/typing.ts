/** Typing indicators: sends the user's own sparingly, and drops those of others when they expire. */
import { typingLifetimeMs } from '../../../shared/contract/limits.ts';
import type { EventOf } from '../contract/events.ts';
import type { Channel } from './channel.ts';

/** Older servers do not send `expires_in_ms`. */
type TypingIndicator = Omit<EventOf<'typing_indicator'>, 'expires_in_ms'> & { expires_in_ms?: number };

/** A user who is typing. */
export interface TypingUser {
  id: string;
  username: string;
}

/** How often the indicator is sent while the user continues typing. */
const repeatMs = 3_000;
/** A user who presses no key for this long has stopped typing. */
const idleMs = 4_000;

export class Typing {
  /** The other users who are typing; a new array with each change. */
  others: readonly TypingUser[] = [];
  readonly #channel: Channel;
  readonly #changed: () => void;
  #isTyping = false;
  #lastSentAtMs = Number.NEGATIVE_INFINITY;
  #cancelIdle: (() => void) | undefined;
  readonly #cancelExpiry = new Map<string, () => void>();

  constructor(channel: Channel, changed: () => void) {
    this.#channel = channel;
    this.#changed = changed;
  }

  keyPressed(): void {
    const { clock } = this.#channel;
    this.#cancelIdle?.();
    this.#cancelIdle = clock.after(idleMs, () => this.stopped());
    this.#isTyping = true;
    if (clock.now() - this.#lastSentAtMs < repeatMs) return;
    if (this.#channel.send({ type: 'typing', is_typing: true })) this.#lastSentAtMs = clock.now();
  }

  /** The user has left or emptied the field, or has sent the message, which ends the indicator of others by itself. */
  stopped({ wasSent = false } = {}): void {
    this.#cancelIdle?.();
    if (!this.#isTyping) return;
    this.#isTyping = false;
    if (wasSent) this.#lastSentAtMs = Number.NEGATIVE_INFINITY;
    else this.#channel.send({ type: 'typing', is_typing: false });
  }

  receive(indicator: TypingIndicator): void {
    const { user_id, user, is_typing, expires_in_ms: lifetimeMs = typingLifetimeMs } = indicator;
    this.remove(user_id);
    if (!is_typing) return;
    this.others = [...this.others, { id: user_id, username: user }];
    this.#cancelExpiry.set(
      user_id,
      this.#channel.clock.after(lifetimeMs, () => {
        this.remove(user_id);
        this.#changed();
      }),
    );
  }

  /** The user has sent a message, has left, or has stopped typing. */
  remove(userId: string): void {
    this.#cancelExpiry.get(userId)?.();
    this.#cancelExpiry.delete(userId);
    if (this.others.some(({ id }) => id === userId))
      this.others = this.others.filter(({ id }) => id !== userId);
  }

  /** Forgets all indicators: no events come until the room is joined again. */
  reset(): void {
    this.#cancelIdle?.();
    this.#isTyping = false;
    this.#lastSentAtMs = Number.NEGATIVE_INFINITY;
    for (const { id } of this.others) this.remove(id);
  }
}
