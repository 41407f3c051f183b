import { Fragment, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { areShortcutsOn, turnShortcuts } from '../../ui/shortcut.ts';

const singleKeys = [
  ['?', 'Show this list'],
  ['/', 'Search the users or the exchange log, on their pages'],
  ['e', 'Show or hide the last call, at the foot of every page'],
  ['j k', 'Exchange log: go to the next or the previous call'],
  ['p c', 'Exchange log: pause, copy the call'],
  ['v a z', 'Inspector: verify, ask the API, put the token back'],
] as const;

const otherKeys = [
  ['Ctrl + Enter', 'Send or save a post'],
  ['Esc', 'Close a dialog, or cancel an edit'],
] as const;

/** Every key of the app, and the switch that turns those off that a slip of the finger could press. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [areOn, setAreOn] = useState(areShortcutsOn);
  return (
    <Dialog onClose={onClose} title="Keyboard shortcuts" description="They work unless you are typing.">
      <Keys keys={singleKeys} />
      <label className="mt-3 mb-5 flex w-fit items-center gap-3 text-sm">
        <input
          type="checkbox"
          checked={areOn}
          onChange={({ target }) => {
            turnShortcuts(target.checked ? 'on' : 'off');
            setAreOn(target.checked);
          }}
          className="size-5 accent-focus"
        />
        Use single keys
      </label>
      <Keys keys={otherKeys} />
    </Dialog>
  );
}

function Keys({ keys }: { keys: readonly (readonly [key: string, effect: string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-2 border-line border-t pt-4 text-sm">
      {keys.map(([key, effect]) => (
        <Fragment key={key}>
          <dt>
            <kbd className="inline-block min-w-7 rounded-md border border-line bg-sunken px-1.5 py-0.5 text-center font-mono text-xs">
              {key}
            </kbd>
          </dt>
          <dd>{effect}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
