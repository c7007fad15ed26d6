/** The composer takes files by choice, paste and drop, shows how far they are, and sends them. */
import { createEvent, fireEvent } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { Composer, MessageList, useRoom } from '../../../client/src/react/index.ts';
import '../../../client/src/uploads/uploader.ts';
import { FakeServer } from '../fake-server.ts';
import { renderChat, useRendering } from './kit.tsx';
import { useLayout } from './layout.ts';

useRendering();
useLayout();

function Conversation({ files }: { files?: boolean }) {
  const { room } = useRoom('general');
  return (
    <>
      <MessageList room={room} />
      <Composer room={room} files={files} />
    </>
  );
}

const fileOf = (name: string, type = 'image/png'): File => new File(['x'], name, { type });
const part = (selector: string): HTMLElement | null => document.querySelector(selector);
const rows = (): (string | undefined)[] =>
  Array.from(
    document.querySelectorAll<HTMLElement>('[data-part="uploads"] li'),
    (row) => row.dataset['state'],
  );
const sendButton = (): HTMLButtonElement => part('button[type=submit]') as HTMLButtonElement;

async function open(files?: boolean) {
  const rendering = await renderChat(<Conversation {...(files === undefined ? {} : { files })} />);
  await rendering.pass(2_000);
  return rendering;
}

function choose(...files: File[]): void {
  fireEvent.change(part('input[type=file]')!, { target: { files } });
}

describe('the composer', () => {
  test('uploads files that are chosen, and sends them without a text', async () => {
    const { server, pass } = await open();
    expect(sendButton().disabled).toBe(true);
    choose(fileOf('plan.png'), fileOf('notes.txt', 'text/plain'));
    await pass(3_000);
    expect(rows()).toEqual(['ready', 'ready']);
    expect(part('[data-part="uploads"] img')?.getAttribute('src')).toMatch(/^blob:/);
    fireEvent.change(part('[aria-label="Describe plan.png"]')!, { target: { value: 'a plan' } });
    fireEvent.click(sendButton());
    expect(rows()).toEqual([]);
    await pass(5_000);
    const [text] = server.rooms[0]?.texts ?? [];
    expect(text?.files?.map(({ declared }) => [declared.name, declared.alt])).toEqual([
      ['plan.png', 'a plan'],
      ['notes.txt', undefined],
    ]);
    expect(part('article img')?.getAttribute('alt')).toBe('a plan');
  });

  test('takes files that are pasted, but leaves text that comes with an image to the field', async () => {
    const { pass } = await open();
    const paste = (types: string[]): boolean => {
      const clipboardData = { types, files: [fileOf('image.png')] };
      return fireEvent(part('textarea')!, createEvent.paste(part('textarea')!, { clipboardData }));
    };
    expect(paste(['text/plain', 'Files'])).toBe(true);
    expect(rows()).toEqual([]);
    expect(paste(['Files'])).toBe(false);
    await pass(3_000);
    expect(rows()).toEqual(['ready']);
  });

  test('takes files that are dropped', async () => {
    const { pass } = await open();
    const form = part('form')!;
    const dataTransfer = { types: ['Files'], files: [fileOf('plan.png')] };
    expect(fireEvent.dragOver(form, { dataTransfer })).toBe(false);
    expect(fireEvent.drop(form, { dataTransfer })).toBe(false);
    await pass(3_000);
    expect(rows()).toEqual(['ready']);
  });

  test('says why a file cannot be sent, and sends after it was removed', async () => {
    const { server, pass } = await open();
    choose(new File([], 'empty.txt'));
    await pass(100);
    expect(part('[role="alert"]')?.textContent).toContain('The file is empty');
    fireEvent.change(part('textarea')!, { target: { value: 'hi' } });
    fireEvent.click(sendButton());
    expect(part('output')?.textContent).toContain('The file is empty');
    expect((part('textarea') as HTMLTextAreaElement).value).toBe('hi');
    fireEvent.click(part('[aria-label="Remove empty.txt"]')!);
    fireEvent.click(sendButton());
    await pass(2_000);
    expect(server.texts('general')).toEqual(['hi']);
  });

  test('uploads a file again on request', async () => {
    const server = new FakeServer();
    const { pass } = await renderChat(<Conversation />, { server });
    await pass(2_000);
    server.files.refusesForms = true;
    choose(fileOf('plan.png'));
    await pass(2_000);
    expect(rows()).toEqual(['failed']);
    server.files.refusesForms = false;
    fireEvent.click(part('[aria-label="Try again: plan.png"]')!);
    await pass(2_000);
    expect(rows()).toEqual(['ready']);
  });

  test('stops an upload on request, which can be tried again', async () => {
    const { pass } = await open();
    choose(fileOf('plan.png'));
    fireEvent.click(part('[aria-label="Cancel the upload of plan.png"]')!);
    await pass(3_000);
    expect(rows()).toEqual(['failed']);
    expect(part('[role="alert"]')?.textContent).toBe('The upload was stopped.');
    expect(part('[aria-label="Cancel the upload of plan.png"]')).toBeNull();
    fireEvent.click(part('[aria-label="Try again: plan.png"]')!);
    await pass(3_000);
    expect(rows()).toEqual(['ready']);
  });

  test('can do without files', async () => {
    await open(false);
    expect(part('input[type=file]')).toBeNull();
    expect(fireEvent.drop(part('form')!, { dataTransfer: { types: ['Files'], files: [fileOf('x')] } })).toBe(
      true,
    );
    expect(rows()).toEqual([]);
  });
});
