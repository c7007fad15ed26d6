/** Runs each operation on a counted runtime and returns its counts. */

import { startCounted, type CountedRuntime } from '../counting/counted-runtime.ts';
import { tally, type Tally } from '../counting/tally.ts';
import type { BenchContext } from '../section.ts';
import { commandMeasurements, type CommandMeasurement } from './command-measurements.ts';
import { httpMeasurements } from './http-measurements.ts';
import { createFixture, type Fixture } from './fixture.ts';

const sizes = [1, 10, 100, 1_000];
const usualSize = 10;

/**
 * A welcome is repeated while the gateway has not finished the handshake, which happens in the local runtime, as its
 * stream is read within milliseconds. The cost of opening a socket is the lowest of this many attempts.
 */
const openings = 3;

export interface CountedOperation {
  /** Includes the room's size where it matters: `message.room10`. */
  name: string;
  tally: Tally;
}

export interface CountedOperations {
  http: CountedOperation[];
  commands: CountedOperation[];
}

/** Counts the selected operations. An operation that fails is reported, and the others are counted. */
export async function countOperations(
  { report, progress }: BenchContext,
  isSelected: (name: string) => boolean,
): Promise<CountedOperations> {
  progress('starting a counted runtime');
  const runtime = await startCounted();
  const counted: CountedOperations = { http: [], commands: [] };
  try {
    const fixture = createFixture(runtime);
    await warmUp(runtime, fixture);
    for (const { kind, name, measure } of measurementsOn(runtime, fixture)) {
      if (!isSelected(name)) continue;
      progress(name);
      try {
        counted[kind].push({ name, tally: await measure() });
      } catch (error) {
        report.line(`${name} was not counted: ${error instanceof Error ? error.message : String(error)}`);
      }
      await fixture.closeSockets();
    }
    return counted;
  } finally {
    await runtime.stop();
  }
}

interface Measurement {
  kind: keyof CountedOperations;
  name: string;
  measure: () => Promise<Tally>;
}

function measurementsOn(runtime: CountedRuntime, fixture: Fixture): Measurement[] {
  const http = Object.entries(httpMeasurements).flatMap(([name, { dependsOnSize, prepare }]) =>
    inSizes(name, dependsOnSize).map(({ size, ...named }): Measurement => {
      const act = async (): Promise<Act> => {
        // The caller has no socket, and is one of the users of the room.
        const { method, path, access, body } = await prepare(fixture, size - 1);
        return () => fixture.call(method, path, access, body);
      };
      return { kind: 'http', ...named, measure: () => measureLowest(runtime, 1, act) };
    }),
  );
  const commands = Object.entries(commandMeasurements).flatMap(([name, measurement]) =>
    inSizes(name, measurement.dependsOnSize).map(({ size, ...named }): Measurement => {
      const act = (): Promise<Act> => actIn(fixture, measurement, size);
      return {
        kind: 'commands',
        ...named,
        measure: () => measureLowest(runtime, measurement.opens ? openings : 1, act),
      };
    }),
  );
  return [...http, ...commands];
}

function inSizes(name: string, dependsOnSize: boolean): { name: string; size: number }[] {
  if (!dependsOnSize) return [{ name, size: usualSize }];
  return sizes.map((size) => ({ name: `${name}.room${size}`, size }));
}

type Act = () => Promise<unknown>;

/** Loads bundles and secrets with one call of everything. Throws when posts or capacity are not reported. */
async function warmUp(runtime: CountedRuntime, fixture: Fixture): Promise<void> {
  const person = await fixture.person();
  const room = await fixture.room(person);
  const socket = await fixture.socket(person, room);
  await fixture.message(person, room);
  await fixture.call('GET', '/health/');
  const { calls } = await runtime.during(() => socket.ask({ type: 'message', content: 'warm' }, 'ack'));
  const { direct } = tally(calls);
  if (direct.posts === 0 || direct.readUnits === 0 || direct.writeUnits === 0)
    throw new Error('The posts and the capacity of a message were not reported');
  await fixture.closeSockets();
}

async function actIn(fixture: Fixture, { prepare }: CommandMeasurement, size: number): Promise<Act> {
  const person = await fixture.person();
  // The user who acts is one of the subscribers.
  const room = await fixture.room(person, size - 1);
  return prepare({ fixture, person, room, socket: await fixture.socket(person, room) });
}

async function measureLowest(
  runtime: CountedRuntime,
  times: number,
  prepare: () => Promise<Act>,
): Promise<Tally> {
  const tallies: Tally[] = [];
  for (let time = 0; time < times; time += 1) {
    const act = await prepare();
    const { calls } = await runtime.during(act);
    tallies.push(tally(calls));
  }
  return tallies.sort((a, b) => weight(a) - weight(b))[0] as Tally;
}

function weight({ direct, followUp }: Tally): number {
  return direct.requests + direct.posts + followUp.requests + followUp.posts;
}
