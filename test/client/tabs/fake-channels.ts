/** The broadcast channels of one browser: each tab has a class of its own, whose channels end when the tab is killed. */
import type { ChannelConstructor, ChannelLike } from '../../../client/src/tabs/tab-messages.ts';

interface Channel<Tab> {
  name: string;
  tab: Tab;
  receive(data: unknown): void;
}

export interface FakeChannelsPorts<Tab> {
  /** Calls `run` in a moment, in the order of calls. */
  later: (run: () => void) => void;
  /** Calls `run` as soon as the scripts of the tab run. */
  runIn: (tab: Tab, run: () => void) => void;
  isRunning: (tab: Tab) => boolean;
}

export class FakeChannels<Tab extends object> {
  private readonly ports: FakeChannelsPorts<Tab>;
  private channels: Channel<Tab>[] = [];

  constructor(ports: FakeChannelsPorts<Tab>) {
    this.ports = ports;
  }

  /** Returns the class of channels as that tab sees it. */
  of(tab: Tab): ChannelConstructor {
    const open = (channel: Channel<Tab>): void => void this.channels.push(channel);
    const close = (channel: Channel<Tab>): void => {
      this.channels = this.channels.filter((other) => other !== channel);
    };
    const post = (channel: Channel<Tab>, message: unknown): void =>
      this.post(channel, structuredClone(message));
    return class implements ChannelLike {
      readonly channel: Channel<Tab>;
      readonly listeners: ((event: { data: unknown }) => void)[] = [];

      constructor(name: string) {
        const receive = (data: unknown): void => {
          for (const listener of this.listeners) listener({ data });
        };
        this.channel = { name, tab, receive };
        open(this.channel);
      }

      addEventListener(_: 'message', listener: (event: { data: unknown }) => void): void {
        this.listeners.push(listener);
      }

      postMessage(message: unknown): void {
        post(this.channel, message);
      }

      close(): void {
        close(this.channel);
      }
    };
  }

  /** Ends the channels of a tab. */
  kill(tab: Tab): void {
    this.channels = this.channels.filter((channel) => channel.tab !== tab);
  }

  /** Delivers a message to all other channels of the name that are still open, in the order of posting. */
  private post(sender: Channel<Tab>, message: unknown): void {
    const { later, runIn, isRunning } = this.ports;
    if (!this.channels.includes(sender) || !isRunning(sender.tab)) return;
    const recipients = this.channels.filter((other) => other !== sender && other.name === sender.name);
    later(() => {
      for (const recipient of recipients)
        runIn(recipient.tab, () => {
          if (this.channels.includes(recipient)) recipient.receive(message);
        });
    });
  }
}
