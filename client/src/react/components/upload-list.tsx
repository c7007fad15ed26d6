/** The files of the message that is being written: what they are, how far they are, and what the user can do about them. */
import type { Upload } from '../../index.ts';
import { sizeText } from './size-text.ts';
import type { ComponentStrings } from './strings.ts';

export interface UploadListProps {
  uploads: readonly Upload[];
  strings: ComponentStrings;
}

export function UploadList({ uploads, strings }: UploadListProps) {
  if (uploads.length === 0) return null;
  return (
    <ul aria-label={strings.uploadList} data-part="uploads" style={{ listStyle: 'none', padding: 0 }}>
      {uploads.map((upload) => (
        <li key={upload.id} data-state={upload.state}>
          <UploadRow upload={upload} strings={strings} />
        </li>
      ))}
    </ul>
  );
}

function UploadRow({ upload, strings }: { upload: Upload; strings: ComponentStrings }) {
  const { name, size, type, alt, previewUrl, state, sentBytes, problem } = upload;
  const isImage = type.startsWith('image/');
  return (
    <>
      {isImage && previewUrl !== undefined && (
        <img src={previewUrl} alt="" style={{ width: 48, height: 48, objectFit: 'cover' }} />
      )}
      <span data-part="name">
        {name} ({sizeText(size)})
      </span>
      {state === 'sending' && <progress aria-label={strings.uploading(name)} value={sentBytes} max={size} />}
      {state === 'waiting' && <small>{problem?.detail ?? strings.uploading(name)}</small>}
      {state === 'failed' && <small role="alert">{problem?.detail}</small>}
      {isImage && (
        <input
          type="text"
          value={alt}
          aria-label={strings.describeFile(name)}
          placeholder={strings.describeFile('')}
          onChange={(event) => upload.setAlt(event.target.value)}
        />
      )}
      {state === 'failed' && (
        <button type="button" aria-label={strings.retryFile(name)} onClick={upload.retry}>
          {strings.retry}
        </button>
      )}
      {(state === 'waiting' || state === 'sending') && (
        <button type="button" aria-label={strings.cancelFile(name)} onClick={upload.cancel}>
          {strings.cancel}
        </button>
      )}
      <button type="button" aria-label={strings.removeFile(name)} onClick={upload.remove}>
        {strings.remove}
      </button>
    </>
  );
}
