/**
 * Runs a scenario with real code. After each step, everything that a user can see is compared with the expected
 * state.
 */
import { seededRandom } from '../../../local/faults/seeded-random.ts';
import type { Command, ModelScenario } from './commands.ts';
import { checkEnd, checkStep } from './checks.ts';
import {
  changeMembers,
  connect,
  describeRoom,
  join,
  changeMessage,
  overSocket,
  send,
  type Answer,
} from './execute.ts';
import { expectedAnswer } from './expected-answer.ts';
import { noIntents } from './expected-room.ts';
import { type ScenarioRun, catchUp, setUp } from './set-up.ts';

export interface ScenarioResult {
  /** One sentence for each difference from the expected state. */
  divergences: string[];
  facts: Record<string, number>;
}

export interface Step {
  command: Command;
  answer: Answer;
  /** The message that the command changed or read. */
  seq?: number | undefined;
}

export async function runScenario({ commands, seed }: ModelScenario): Promise<ScenarioResult> {
  const random = seededRandom(String(seed));
  const fixture = await setUp(random);
  const facts: Record<string, number> = {};
  let count = 0;
  for (const step of stepsOf(commands)) {
    fixture.intents = fixture.rooms.map(noIntents);
    if (step.some((command) => 'kill' in command && command.kill !== undefined)) fixture.mayMiscount = true;
    const expected = step.length === 1 ? expectedAnswer(fixture, step[0]!) : undefined;
    const running = step.map((command) => execute(fixture, command));
    await fixture.chat.untilQuiet();
    const answers = await Promise.all(running);
    for (const { command, answer } of answers) {
      count += 1;
      const name = answer.kind === 'refused' ? `refused ${answer.name}` : answer.kind;
      facts[name] = (facts[name] ?? 0) + 1;
      facts[command.kind] = (facts[command.kind] ?? 0) + 1;
      if (answer.kind === 'ok' && answer.duplicate === true)
        facts['duplicate'] = (facts['duplicate'] ?? 0) + 1;
    }
    if (
      expected !== undefined &&
      answers[0]!.answer.kind !== 'skipped' &&
      answers[0]!.answer.kind !== 'unknown'
    ) {
      const { answer } = answers[0]!;
      const actual = answer.kind === 'refused' ? answer.name : 'ok';
      if (actual !== expected)
        fixture.divergences.push(`command ${count} was answered ${actual}, not ${expected}`);
    }
    checkStep(fixture, answers);
    if (fixture.divergences.length > 0) break;
  }
  if (fixture.divergences.length === 0) await end(fixture);
  Object.assign(facts, { commands: count, ...prefixed(fixture.chat.batches) });
  return { divergences: fixture.divergences.map((text) => `after ${count} commands: ${text}`), facts };
}

const prefixed = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [`batches ${name}`, value]));

/** Groups commands that run at the same time. */
function stepsOf(commands: Command[]): Command[][] {
  const steps: Command[][] = [];
  let open: Command[] = [];
  for (const command of commands) {
    open.push(command);
    const mayOverlap = command.overlaps && command.kind !== 'pass' && command.kind !== 'catchUp';
    if (mayOverlap && open.length < 4) continue;
    steps.push(open);
    open = [];
  }
  return open.length > 0 ? [...steps, open] : steps;
}

async function execute(fixture: ScenarioRun, command: Command): Promise<Step> {
  const { chat, actors, rooms } = fixture;
  switch (command.kind) {
    case 'send':
      return { command, answer: await send(fixture, command) };
    case 'edit':
    case 'delete':
    case 'read': {
      const seqs = [...rooms[command.room]!.messages.keys()];
      const seq = seqs[command.pick % Math.max(1, seqs.length)];
      if (seq === undefined) return { command, answer: { kind: 'skipped' } };
      return { command, seq, answer: await changeMessage(fixture, command, seq) };
    }
    case 'connect':
      return { command, answer: await connect(fixture, command) };
    case 'join':
      return {
        command,
        answer: await join(fixture, actors[command.who]!, rooms[command.room]!, command.resume),
      };
    case 'leave': {
      const actor = actors[command.who]!;
      if (actor.client.isWaiting(rooms[command.room]!.id)) return { command, answer: { kind: 'skipped' } };
      actor.current.delete(rooms[command.room]!.id);
      return {
        command,
        answer: await overSocket(fixture, actor, { type: 'leave', room_id: rooms[command.room]!.id }),
      };
    }
    case 'drop': {
      const { device } = actors[command.who]!;
      actors[command.who]!.current.clear();
      if (device?.isOpen !== true || !device.isWelcome) return { command, answer: { kind: 'skipped' } };
      device.isOpen = false;
      if (command.announced) await chat.disconnect(device.connectionId);
      return { command, answer: { kind: 'ok' } };
    }
    case 'failPosts': {
      const actor = actors[command.who]!;
      if (actor.device?.isOpen !== true || !actor.device.isWelcome)
        return { command, answer: { kind: 'skipped' } };
      actor.device.failsNext = command.count;
      actor.current.clear();
      return { command, answer: { kind: 'ok' } };
    }
    case 'catchUp':
      await catchUp(fixture, actors[command.who]!);
      return { command, answer: { kind: 'ok' } };
    case 'leaveRoom':
    case 'remove':
    case 'add':
      return { command, answer: await changeMembers(fixture, command) };
    case 'describe':
      return { command, answer: await describeRoom(fixture, command) };
    case 'pass':
      chat.pass(command.seconds * 1_000);
      return { command, answer: { kind: 'ok' } };
  }
}

/** Lets every gap become old and every client catch up. Then all of them must have the same state. */
async function end(fixture: ScenarioRun): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    fixture.chat.pass(20_000);
    const returning = fixture.actors.map((actor) => catchUp(fixture, actor));
    await fixture.chat.untilQuiet();
    await Promise.all(returning);
  }
  fixture.intents = fixture.rooms.map(noIntents);
  checkStep(fixture, []);
  const checking = checkEnd(fixture);
  await fixture.chat.untilQuiet();
  await checking;
}
