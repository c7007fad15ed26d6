/** A room is open while its components are mounted, however React mounts and unmounts them. */
import { act, render } from '@testing-library/react';
import { Activity, startTransition, Suspense, use, useState } from 'react';
import { describe, expect, test } from 'vitest';
import { useMessages, useRoom, type OpenRoom } from '../../../client/src/react/index.ts';
import { FakeServer, start } from '../fake-server.ts';
import { renderChat, useRendering } from './kit.tsx';

useRendering();

function Title({ name }: { name: string | undefined }) {
  const { status, name: shown, room } = useRoom(name);
  const { messages } = useMessages(room);
  return (
    <p>
      {shown} {status} {messages.map(({ content }) => content).join(',')}
    </p>
  );
}

describe.each([
  ['strict mode', true],
  ['plain mode', false],
])('in %s', (_, isStrict) => {
  test('a room is joined once while its component is mounted, and left after it was unmounted', async () => {
    const { container, server, pass, show } = await renderChat(<Title name="x" />, { isStrict });
    expect(container.textContent).toBe('x opening ');
    await pass(1_000);
    expect(container.textContent).toBe('x live ');
    expect(server.received.filter(({ type }) => type === 'join')).toHaveLength(1);
    show(null);
    await pass(3_000);
    expect(server.present).toEqual([]);
  });

  test('a component that is unmounted before its room was opened leaves nothing open', async () => {
    for (const pauseMs of [0, 20, 220, 400]) {
      const { server, pass, show } = await renderChat(<Title name="x" />, { isStrict });
      await pass(pauseMs);
      show(null);
      await pass(3_000);
      expect(server.present).toEqual([]);
    }
  });

  test('a component that switches rooms fast shows the last one, and never messages of another', async () => {
    const server = new FakeServer();
    for (const name of ['a', 'b', 'c']) {
      server.room(name).texts.push({ content: `of ${name}`, user: 'bob', client_id: undefined });
    }
    const seen: string[] = [];
    function Watching({ name }: { name: string }) {
      const { room } = useRoom(name);
      const { messages } = useMessages(room);
      seen.push(...messages.map(({ content }) => `${name}: ${content}`));
      return null;
    }
    const { pass, show } = await renderChat(<Watching name="a" />, { isStrict, server });
    await pass(1_000);
    for (const name of ['b', 'c', 'a', 'b', 'a', 'c']) {
      show(<Watching name={name} />);
      await pass(20);
    }
    await pass(3_000);
    expect(new Set(seen)).toEqual(new Set(['a: of a', 'c: of c']));
    expect(server.present).toEqual(['c']);
  });

  test('two components of one room keep it open until the last one is unmounted', async () => {
    const both = [<Title key="1" name="x" />, <Title key="2" name="x" />];
    const { container, server, pass, show } = await renderChat(both, { isStrict });
    await pass(1_000);
    expect(container.textContent).toBe('x live x live ');
    show(both.slice(1));
    await pass(3_000);
    expect(server.present).toEqual(['x']);
    expect(container.textContent).toBe('x live ');
    show([]);
    await pass(3_000);
    expect(server.present).toEqual([]);
  });

  test('a hidden component leaves its room, and opens it again when it is shown', async () => {
    const activity = (mode: 'visible' | 'hidden') => (
      <Activity mode={mode}>
        <Title name="x" />
      </Activity>
    );
    const { container, server, pass, show } = await renderChat(activity('visible'), { isStrict });
    await pass(1_000);
    show(activity('hidden'));
    await pass(3_000);
    expect(server.present).toEqual([]);
    show(activity('visible'));
    await pass(3_000);
    expect([server.present, container.textContent]).toEqual([['x'], 'x live ']);
  });

  test('a render that React abandons opens no room', async () => {
    const never = new Promise<void>(() => {});
    function Suspended() {
      useRoom('abandoned');
      use(never);
      return null;
    }
    let showSuspended = (): void => {};
    function Page() {
      const [isSuspended, setSuspended] = useState(false);
      showSuspended = () => startTransition(() => setSuspended(true));
      return <Suspense fallback="waiting">{isSuspended ? <Suspended /> : <Title name="x" />}</Suspense>;
    }
    const { server, pass, show } = await renderChat(<Page />, { isStrict });
    await pass(1_000);
    await act(async () => showSuspended());
    await pass(1_000);
    show(null);
    await pass(3_000);
    expect(server.received.filter(({ type }) => type === 'join').map(({ room }) => room)).toEqual(['x']);
    expect(server.present).toEqual([]);
  });
});

describe('useRoom', () => {
  test('opens no room without a name, and none while no user is signed in', async () => {
    const { container, server, system, pass, show } = await renderChat(<Title name={undefined} />, {
      username: undefined,
    });
    expect(container.textContent).toBe(' opening ');
    show(<Title name="x" />);
    await pass(1_000);
    expect([container.textContent, server.present]).toEqual(['x opening ', []]);
    await start(system);
    await pass(1_000);
    expect([container.textContent, server.present]).toEqual(['x live ', ['x']]);
  });

  test('opens the room for the next user after the first one has signed out', async () => {
    const { container, server, system, pass } = await renderChat(<Title name="x" />);
    await pass(1_000);
    await act(() => system.client.signOut());
    await pass(1_000);
    expect([container.textContent, server.present]).toEqual(['x opening ', []]);
    await start(system, 'bob');
    await pass(1_000);
    expect([container.textContent, server.present]).toEqual(['x live ', ['x']]);
  });

  test('opens a room again that was closed with a problem', async () => {
    let opened: OpenRoom | undefined;
    function Reopening() {
      const open = useRoom('11111111-1111-4111-8111-000000000001');
      opened = open;
      return <p>{`${open.status} ${open.problem?.code}`}</p>;
    }
    const { container, server, pass } = await renderChat(<Reopening />);
    await pass(1_000);
    expect(container.textContent).toBe('closed not_found');
    server.room('x');
    act(() => opened?.reopen());
    expect(container.textContent).toBe('opening undefined');
    await pass(1_000);
    expect([container.textContent, server.present]).toEqual(['live undefined', ['x']]);
  });

  test('throws outside of a provider', () => {
    expect(() => render(<Title name="x" />)).toThrow('inside of a <ChatProvider>');
  });
});
