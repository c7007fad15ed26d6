/** The button that searches messages, and the dialog that is loaded with its first use. */
import { useState } from 'react';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { usePart } from '../use-part.ts';

const loadPanel = async () => (await import('./search-panel.tsx')).SearchPanel;

interface SearchProps {
  roomId: string;
}

export function SearchButton({ roomId }: SearchProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="icon"
        aria-label={strings.searchMessages}
        title={strings.searchMessages}
        onClick={() => setOpen(true)}
      >
        ⌕
      </button>
      {isOpen && <LoadedPanel roomId={roomId} onClose={() => setOpen(false)} />}
    </>
  );
}

function LoadedPanel({ roomId, onClose }: SearchProps & { onClose: () => void }) {
  const { part: SearchPanel, isMissing } = usePart(loadPanel);
  if (isMissing) return <Problem text={strings.searchMissing} />;
  return SearchPanel === undefined ? null : <SearchPanel roomId={roomId} onClose={onClose} />;
}
