import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';

type Props = { onClose: () => void; onBoth: () => void; onBearer: () => void };

/** Asks before a run replaces a session that the browser has in a cookie. */
export function ReplaceDialog({ onClose, onBoth, onBearer }: Props) {
  return (
    <ConfirmDialog
      onClose={onClose}
      title="Replace your cookie session?"
      description="This browser has a session in a cookie, and a browser has one such cookie for the API. Running the cookie flow replaces it and signs it out at the end. The bearer flow alone leaves it as it is."
      action="Run both, and sign me out"
      cancel="Cancel"
      isBusy={false}
      onConfirm={onBoth}
    >
      <Button className="mt-3 w-full" onClick={onBearer}>
        Run the bearer flow only
      </Button>
    </ConfirmDialog>
  );
}
