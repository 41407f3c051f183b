import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';

/** A note beyond either limit starts out shortened, so that one post does not fill the page. */
const longCharacters = 900;
const longLines = 14;

/** The text with its spaces and line breaks. A word that is wider than the page is broken. */
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
          {isWhole ? 'Show less' : 'Show more'}
        </Button>
      )}
    </div>
  );
}
