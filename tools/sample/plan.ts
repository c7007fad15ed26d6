/** Plans the sample community: who writes what and when, the same for the same random seed. Nothing here is stored. */
import { seededRandom } from '../../local/faults/seeded-random.ts';
import { directSize, pairs, people, rooms } from './people.ts';
import { answers, slips, smallTalk, words } from './small-talk.ts';
import { workTalk } from './work-talk.ts';

export interface PlannedMessage {
  atMs: number;
  author: string;
  content: string;
  /** The author edits the message into this text a minute later. */
  editedTo?: string;
  isDeleted?: boolean;
}

export interface PlannedRoom {
  name: string;
  description: string;
  isPrivate: boolean;
  isDirect: boolean;
  /** The first is the owner. */
  members: readonly string[];
  createdAtMs: number;
  messages: PlannedMessage[];
  /** By member: how many of the last messages they have not read. */
  unread: Record<string, number>;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The conversations reach back this far. */
const days = 28;
/** An exchange, with the pauses between its lines and an answer, ends within this time. */
const longestConversationMinutes = 60;
const workday = { startsAtHour: 8, hours: 10 };

interface Draw {
  /** A whole number from 0 up to, not including, `below`. */
  integer(below: number): number;
  one<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

function draws(seed: string): Draw {
  const random = seededRandom(seed);
  const integer = (below: number): number => Math.floor(random() * below);
  return { integer, one: (list) => list[integer(list.length)]!, chance: (share) => random() < share };
}

/** Returns the rooms with all messages in the order of their time, none of them later than now. */
export function planSample(nowMs: number): PlannedRoom[] {
  const named = rooms.map((room) => ({
    ...room,
    isDirect: false,
    talk: workTalk[room.name] ?? smallTalk[room.name]!,
  }));
  const direct = pairs.map((members) => ({
    name: members.join(' and '),
    description: '',
    isPrivate: true,
    isDirect: true,
    members,
    size: directSize,
    talk: smallTalk['direct']!,
  }));
  return [...named, ...direct].map(({ size, talk, ...room }) => {
    const draw = draws(room.name);
    const messages = plannedMessages({ draw, talk, members: room.members, size, nowMs });
    return {
      ...room,
      createdAtMs: nowMs - (days + 4) * dayMs,
      messages,
      unread: Object.fromEntries(room.members.map((name) => [name, draw.chance(0.4) ? draw.integer(9) : 0])),
    };
  });
}

interface Conversation {
  draw: Draw;
  talk: readonly string[];
  members: readonly string[];
}

function plannedMessages(input: Conversation & { size: number; nowMs: number }): PlannedMessage[] {
  const { draw, talk, size, nowMs } = input;
  const conversations: PlannedMessage[][] = [];
  let count = 0;
  for (let index = 0; count < size; index += 1) {
    // All exchanges come before one comes again.
    const text = talk[(index * 5 + Math.floor(index / talk.length)) % talk.length]!;
    const conversation = plannedConversation(input, text, startOf(draw, nowMs));
    conversations.push(conversation);
    count += conversation.length;
  }
  return conversations.flat().toSorted((one, other) => one.atMs - other.atMs);
}

/** Returns a time in a workday of the last weeks, or one some hours ago, so that the last exchanges are fresh. */
function startOf(draw: Draw, nowMs: number): number {
  const daysAgo = draw.integer(days);
  const minuteOfDay = draw.integer(workday.hours * 60);
  // Drawn in every case, so that what follows does not depend on the day of the run.
  const mayBeOnWeekend = draw.chance(0.1);
  if (daysAgo === 0) return nowMs - (longestConversationMinutes + (minuteOfDay % 180)) * minuteMs;
  const midnight = nowMs - (nowMs % dayMs) - daysAgo * dayMs;
  const isWeekend = [0, 6].includes(new Date(midnight).getUTCDay());
  const day = isWeekend && !mayBeOnWeekend ? midnight - 2 * dayMs : midnight;
  return day + (workday.startsAtHour * 60 + minuteOfDay) * minuteMs;
}

/** Gives the lines of an exchange to members, with words in the gaps, and sometimes a short answer at its end. */
function plannedConversation(
  { draw, members }: Conversation,
  text: string,
  startsAtMs: number,
): PlannedMessage[] {
  const speakers = new Map<string, string>();
  const speakerOf = (letter: string): string => {
    const free = members.filter((name) => ![...speakers.values()].includes(name));
    const name = speakers.get(letter) ?? draw.one(free.length > 0 ? free : members);
    speakers.set(letter, name);
    return name;
  };
  const chosen = new Map<string, string>();
  const fill = (name: string): string => {
    const word =
      chosen.get(name) ?? (name === 'person' ? draw.one(people).firstName : draw.one(words[name]!));
    chosen.set(name, word);
    return word;
  };
  let atMs = startsAtMs;
  const planned = text.split('\n').map((line): PlannedMessage => {
    const [letter, content] = line.trim().split(/: (.*)/s);
    atMs += (15 + draw.integer(240)) * 1_000;
    const author = speakerOf(letter!);
    return { atMs, author, content: content!.replace(/\{(\w+)\}/g, (_, name: string) => fill(name)) };
  });
  if (draw.chance(0.3)) {
    atMs += draw.integer(20) * minuteMs;
    planned.push({ atMs, author: speakerOf('answer'), content: draw.one(answers) });
  }
  if (draw.chance(0.05))
    planned.push({
      atMs: atMs + 20_000,
      author: speakerOf('slip'),
      content: draw.one(slips),
      isDeleted: true,
    });
  return planned.map((message) => (draw.chance(0.06) ? edited(message) : message));
}

/** Lets a message of several sentences begin with the first of them. Another message stays as it is. */
function edited(message: PlannedMessage): PlannedMessage {
  const [first] = /^.+?[.?!](?= )/.exec(message.content) ?? [];
  if (first === undefined || message.isDeleted === true) return message;
  return { ...message, content: first, editedTo: message.content };
}
