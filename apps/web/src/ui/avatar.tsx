/** A person's initials. Hidden from screen readers, because the name is beside it. */
export function Avatar({ name }: { name: string }) {
  const words = name.trim().split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('');
  return (
    <span
      aria-hidden
      className="grid size-9 shrink-0 place-items-center rounded-full border border-transparent bg-ink/8 font-semibold text-ink text-xs uppercase"
    >
      {initials}
    </span>
  );
}
