/**
 * The messages that tabs send. Tabs share the outbox, so two of them may send the same message: it goes to the server once,
 * and every tab that sent it receives the answer.
 */
import type { MessageCommand } from '../contract/commands.ts';
import type { EventOf, ServerEvent } from '../contract/events.ts';
import { sharedRef, type TabRef } from './refs.ts';
import type { SharedChannel, TabCommand } from './shared-channel.ts';

/** For a tab that sends a message a moment after the answer to another tab. */
const maxAnswersKept = 100;

export class SharedSends {
  readonly #channel: SharedChannel;
  /** The senders of each message that has not been answered. */
  readonly #pending = new Map<string, TabRef[]>();
  readonly #answers = new Map<string, EventOf<'ack'>>();

  constructor(channel: SharedChannel) {
    this.#channel = channel;
  }

  send(tab: number, command: TabCommand<MessageCommand>): void {
    const { client_id: clientId, room_id: roomId, ref } = command;
    const forward = (): void => this.#channel.toServer({ ...command, ref: sharedRef({ tab, ref }) });
    if (clientId === undefined || roomId === undefined) {
      forward();
      return;
    }
    const key = keyOf(roomId, clientId);
    const answer = this.#answers.get(key);
    if (answer !== undefined) {
      this.#channel.toTabs([tab], [{ ...answer, duplicate: true }]);
      return;
    }
    const senders = this.#pending.get(key);
    const others = (senders ?? []).filter((sender) => sender.tab !== tab);
    this.#pending.set(key, [...others, { tab, ref }]);
    // A tab that sends it again has waited in vain for an answer.
    if (senders === undefined || others.length < senders.length) forward();
  }

  acknowledged(event: EventOf<'ack'>): void {
    const key = keyOf(event.room_id, event.client_id ?? '');
    const senders = this.#pending.get(key) ?? [];
    this.#pending.delete(key);
    this.#channel.toTabs(
      senders.map(({ tab }) => tab),
      [event],
    );
    if (event.client_id === undefined) return;
    this.#answers.set(key, event);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > maxAnswersKept && oldest !== undefined) this.#answers.delete(oldest);
  }

  /** Passes the refusal of a message on to its senders. Returns false for an error about something else. */
  refused(event: EventOf<'error'>, { tab, ref }: TabRef): boolean {
    for (const [key, senders] of this.#pending) {
      if (!senders.some((sender) => sender.tab === tab && sender.ref === ref)) continue;
      this.#pending.delete(key);
      for (const sender of senders) this.#channel.toTabs([sender.tab], [withRef(event, sender.ref)]);
      return true;
    }
    return false;
  }

  /** The room is not open on the socket any more, or is about to be joined again. */
  tabClosed(tab: number): void {
    for (const [key, senders] of this.#pending)
      this.#pending.set(
        key,
        senders.filter((sender) => sender.tab !== tab),
      );
  }
}

const withRef = (event: EventOf<'error'>, ref: string): ServerEvent => ({ ...event, ref });

const keyOf = (roomId: string, clientId: string): string => `${roomId} ${clientId}`;
