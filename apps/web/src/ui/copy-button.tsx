import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';

/**
 * Copies `text`. `label` says what is copied, `name` is what the button shows. Where the browser does not let the page copy (over plain http there is no
 * clipboard), it shows the text selected, to be copied by hand.
 */
export function CopyButton({ text, label, name = 'Copy' }: { text: string; label: string; name?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'by-hand'>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('by-hand');
    }
  };
  if (state === 'by-hand') return <SelectedText text={text} label={label} />;
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <Button size="small" look={name ? 'secondary' : 'quiet'} aria-label={label} onClick={copy}>
      <Icon aria-hidden className="size-4" />
      <span aria-live="polite">{state === 'copied' ? 'Copied' : name}</span>
    </Button>
  );
}

function SelectedText({ text, label }: { text: string; label: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <label className="grid min-w-0 gap-1 text-sm">
      <span role="status" className="text-muted">
        The browser did not allow copying. The text is selected: press Ctrl+C or ⌘C.
      </span>
      {/* In a field of one line the browser would drop the line breaks. */}
      <textarea
        ref={field}
        readOnly
        rows={Math.min(text.split('\n').length, 6)}
        name="copy"
        value={text}
        aria-label={label}
        className="w-full min-w-0 rounded-lg border border-edge bg-surface px-3 py-1.5 font-mono text-[0.8125rem]"
      />
    </label>
  );
}
