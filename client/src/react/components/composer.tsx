/** The field in which messages are written. */
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions -- Files can be dropped anywhere on the form. The button
   chooses files by keyboard. */
import {
  useId,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { ChatProblem, type Room } from '../../index.ts';
import { memoryDraftStore, type DraftStore } from '../drafts.ts';
import { useChat } from '../use-chat.ts';
import { useMessages } from '../use-messages.ts';
import { useTyping } from '../use-typing.ts';
import { useUploads } from '../use-uploads.ts';
import { englishStrings, type ComponentStrings } from './strings.ts';
import { UploadList } from './upload-list.tsx';

/** The properties of `Composer`. */
export interface ComposerProps {
  /** Of `useRoom`. */
  room: Room | undefined;
  /** Keeps what was not sent, for each room; by default until the page is reloaded. */
  drafts?: DraftStore | undefined;
  /** The characters that a message can have at most; the server's limit by default. */
  maxLength?: number | undefined;
  /** Whether files can be chosen, pasted and dropped; true by default. */
  files?: boolean | undefined;
  /** Called when the Up key was pressed in the empty field, such as to edit the last message. */
  onUp?: (() => void) | undefined;
  /** Renders the content of the button. */
  renderSend?: (() => ReactNode) | undefined;
  className?: string | undefined;
  strings?: Partial<ComponentStrings> | undefined;
}

const memoryDrafts = memoryDraftStore();
/** The server's limit, counted as text fields do. */
const maxContentLength = 4_000;
/** The characters that are left are shown from here on. */
const shownRemaining = 200;

/**
 * Shows a field for a message and a button. Enter sends, unless it ends the composition of a character; Shift and Enter
 * start a new line. Each key press is shown to the others as typing. What was not sent is kept for each room.
 *
 * Files can be chosen, pasted and dropped. They are uploaded at once, and shown in a list with a preview, their progress, and a
 * field for what an image shows. A message may consist of files alone.
 *
 * @example
 * const { room } = useRoom('general');
 *
 * <Composer room={room} className="composer" strings={{ send: 'Post' }} />
 */
export function Composer({ room, ...props }: ComposerProps) {
  const { user } = useChat();
  const draftKey = `${user?.id ?? ''}/${room?.key ?? ''}`;
  // Another room starts with its own draft.
  return <Field key={draftKey} draftKey={draftKey} room={room} {...props} />;
}

function Field({ draftKey, room, drafts = memoryDrafts, ...props }: ComposerProps & { draftKey: string }) {
  const { maxLength = maxContentLength, files: takesFiles = true, onUp, renderSend, className } = props;
  const texts = { ...englishStrings, ...props.strings };
  const { uploads, add } = useUploads(room);
  const picker = useRef<HTMLInputElement>(null);
  const { send } = useMessages(room);
  const { setTyping } = useTyping(room);
  const [text, setText] = useState(() => drafts.get(draftKey));
  const [problem, setProblem] = useState<string>();
  const hintId = useId();
  const remaining = maxLength - text.trim().length;
  const hasContent = text.trim() !== '' || uploads.length > 0;
  const canSend = room !== undefined && hasContent && remaining >= 0;

  function change(next: string): void {
    setText(next);
    setProblem(undefined);
    drafts.set(draftKey, next);
    setTyping(next !== '');
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!canSend) return;
    try {
      // White space alone is no text.
      send(text.trim() === '' ? '' : text, { attachments: uploads });
      change('');
    } catch (error) {
      if (!(error instanceof ChatProblem)) throw error;
      setProblem(error.detail);
    }
  }

  function addFiles(files: FileList | null | undefined): boolean {
    if (!takesFiles || files === null || files === undefined || files.length === 0) return false;
    setProblem(undefined);
    add(files);
    return true;
  }

  function pasted(event: ClipboardEvent): void {
    // Text that was copied from an office program comes with an image of it.
    if (event.clipboardData.types.includes('text/plain')) return;
    if (addFiles(event.clipboardData.files)) event.preventDefault();
  }

  function dropped(event: DragEvent): void {
    if (addFiles(event.dataTransfer.files)) event.preventDefault();
  }

  function draggedOver(event: DragEvent): void {
    // Otherwise the browser would open the file.
    if (takesFiles && event.dataTransfer.types.includes('Files')) event.preventDefault();
  }

  function keyPressed(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While a character is composed, Enter chooses it. Safari ends the composition before this event, with code 229.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !isComposing) submit(event);
    else if (event.key === 'ArrowUp' && text === '') onUp?.();
  }

  return (
    <form
      className={className}
      data-part="composer"
      onSubmit={submit}
      onPaste={pasted}
      onDragOver={draggedOver}
      onDrop={dropped}
    >
      <UploadList uploads={uploads} strings={texts} />
      {takesFiles && (
        <>
          <button
            type="button"
            data-part="add-files"
            disabled={room === undefined}
            onClick={() => picker.current?.click()}
          >
            {texts.addFiles}
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={texts.addFiles}
            onChange={(event) => {
              addFiles(event.target.files);
              // The same file can be chosen again.
              event.target.value = '';
            }}
          />
        </>
      )}
      <textarea
        aria-label={texts.messageField}
        aria-describedby={hintId}
        aria-invalid={remaining < 0}
        placeholder={texts.messagePlaceholder}
        rows={1}
        value={text}
        disabled={room === undefined}
        enterKeyHint="send"
        onChange={(event) => change(event.target.value)}
        onKeyDown={keyPressed}
        onBlur={() => setTyping(false)}
      />
      <button type="submit" disabled={!canSend}>
        {renderSend?.() ?? texts.send}
      </button>
      <output id={hintId} data-part="hint">
        {problem ?? (remaining < shownRemaining ? texts.remaining(remaining) : '')}
      </output>
    </form>
  );
}
