import { Dialog } from '../../ui/dialog.tsx';
import { CreatePlayerForm } from './create-player-form.tsx';

export function CreatePlayerDialog({ onClose }: { onClose: () => void }) {
  return <CreatePlayerForm shell={Dialog} onClose={onClose} />;
}
