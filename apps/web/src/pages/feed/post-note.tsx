import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';

/** Past either, a note starts out shortened, so that one post does not push all others away. */
const longCharacters = 900;
const longLines = 14;

/** The text as it was written: its spaces and line breaks too, and a word wider than the page breaks. */
export function PostNote({ note }: { note: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const isLong = note.length > longCharacters || note.split('\n').length > longLines;
  return (
    <div className="grid justify-items-start gap-2">
      <p
        dir="auto"
        className={classNames(
          'w-full min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]',
          isLong && !isWhole && 'line-clamp-[12]',
        )}
      >
        {note}
      </p>
      {isLong && (
        <Button
          look="quiet"
          size="small"
          className="-ml-3"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? 'Show less' : 'Show all of it'}
        </Button>
      )}
    </div>
  );
}
