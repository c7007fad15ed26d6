/** The user's picture: shown, chosen, cropped, replaced and removed. */
import { useRef, useState, type ChangeEvent } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { rememberPictures, usePicture } from '../pictures.ts';
import { Problem } from '../problem.tsx';
import { pictureStrings } from './picture-strings.ts';
import { useAction } from '../use-action.ts';
import { PictureCrop } from './picture-crop.tsx';

export function PictureForm() {
  const { client, user } = useChat();
  const { id = '', username = '' } = user ?? {};
  const picture = usePicture(id);
  const [file, setFile] = useState<File>();
  const [done, setDone] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const { run, isRunning, problem } = useAction();

  function chosen({ target }: ChangeEvent<HTMLInputElement>): void {
    setDone('');
    setFile(target.files?.[0]);
    // The same file can be chosen again.
    target.value = '';
  }
  const store = (blob: Blob): Promise<void> =>
    run(async () => {
      rememberPictures([{ id, profile_picture: await client.profilePicture.set(blob) }]);
      setFile(undefined);
      setDone(pictureStrings.pictureSaved);
    });
  function remove(): void {
    // oxlint-disable-next-line no-alert -- The browser's own question needs no code, and every assistive technology knows it.
    if (!confirm(pictureStrings.confirmRemovePicture)) return;
    void run(async () => {
      await client.profilePicture.remove();
      rememberPictures([{ id, profile_picture: null }]);
      setDone(pictureStrings.pictureRemoved);
    });
  }

  return (
    <section>
      <h3>{pictureStrings.picture}</h3>
      <div className="picture">
        <Avatar id={id} name={username} isLarge />
        <input
          ref={input}
          type="file"
          accept="image/*"
          aria-label={pictureStrings.choosePicture}
          tabIndex={-1}
          onChange={chosen}
        />
        <button type="button" disabled={isRunning} onClick={() => input.current?.click()}>
          {picture === undefined ? pictureStrings.choosePicture : pictureStrings.changePicture}
        </button>
        {picture !== undefined && (
          <button type="button" className="danger" disabled={isRunning} onClick={remove}>
            {pictureStrings.removePicture}
          </button>
        )}
        <output>{done}</output>
      </div>
      {file === undefined ? (
        <Problem text={problem} />
      ) : (
        <PictureCrop file={file} problem={problem} onDone={store} onClose={() => setFile(undefined)} />
      )}
    </section>
  );
}
