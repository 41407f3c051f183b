import { type KeyboardEvent, useId, useState } from 'react';
import { Overlay } from '../../ui/overlay.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { type Command, useCommands } from './use-commands.ts';
import { useFoundUsers } from './use-found-users.ts';

type Props = { onClose: () => void; onKeys: () => void };

/** A field that finds a page, a user or an action, and the list of what it found (WAI-ARIA, combobox with a listbox). */
export function CommandPalette({ onClose, onKeys }: Props) {
  const id = useId();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const { commands, error } = useCommands({ onClose, onKeys });
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const { users, isSearching } = useFoundUsers(text.trim(), onClose);
  const found = [
    ...commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word))),
    ...users,
  ];
  const active = found[Math.min(place, found.length - 1)];
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') active?.run();
    if (step) setPlace((found.indexOf(active as Command) + step + found.length) % found.length);
    if (step || event.key === 'Enter') event.preventDefault();
  };
  return (
    <Overlay
      title="Go to a page or a user, or do something"
      onClose={onClose}
      className="inset-x-4 top-[12dvh] mx-auto flex max-h-[70dvh] max-w-lg flex-col rounded-2xl border bg-surface"
      closeClassName="top-3 right-3 size-9 text-muted hover:bg-ink/6 hover:text-ink"
    >
      <input
        role="combobox"
        aria-label="Search pages, users and actions"
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-activedescendant={active && `${id}-${active.id}`}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder="Search pages, users and actions"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={press}
        className="h-15 w-full shrink-0 rounded-t-2xl border-line border-b bg-transparent pr-14 pl-5 text-base outline-none placeholder:text-muted"
      />
      {error && (
        <div className="p-3">
          <ErrorAlert error={error} />
        </div>
      )}
      <div id={id} role="listbox" aria-label="Found" className="min-h-0 overflow-y-auto p-2 empty:hidden">
        {found.map((command) => (
          <Option
            key={command.id}
            id={`${id}-${command.id}`}
            command={command}
            isActive={command === active}
          />
        ))}
      </div>
      <p role="status" className="px-5 py-4 text-muted text-sm empty:hidden">
        {found.length === 0 && !isSearching && 'Nothing found'}
      </p>
    </Overlay>
  );
}

type OptionProps = { id: string; command: Command; isActive: boolean };

function Option({ id, command: { label, note, icon: Icon, run }, isActive }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: the field points to the active option
    <div
      id={id}
      ref={(element) => {
        if (isActive) element?.scrollIntoView?.({ block: 'nearest' });
      }}
      role="option"
      aria-selected={isActive}
      onClick={run}
      className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg border border-transparent px-3 text-sm hover:bg-ink/5 aria-selected:bg-ink/8 forced-colors:border-[Canvas] forced-colors:aria-selected:border-[Highlight]"
    >
      <Icon aria-hidden className="size-4.5 shrink-0 text-muted" />
      <span className="min-w-0 truncate font-medium">{label}</span>
      {note && <span className="ml-auto shrink-0 text-muted">{note}</span>}
    </div>
  );
}
