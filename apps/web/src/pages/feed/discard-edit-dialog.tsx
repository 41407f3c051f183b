import { DiscardDialog } from '../../ui/dialog.tsx';

/** Asks before Escape discards a changed post. A module of its own, because a reader of the feed needs no dialog. */
export function DiscardEditDialog({ onDiscard, onKeep }: { onDiscard: () => void; onKeep: () => void }) {
  return <DiscardDialog onDiscard={onDiscard} onKeep={onKeep} />;
}
