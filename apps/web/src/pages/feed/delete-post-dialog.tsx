import { ConfirmDialog } from '../../ui/dialog.tsx';

export function DeletePostDialog({
  author,
  onClose,
  onConfirm,
}: {
  author: string;
  onClose: () => void;
  onConfirm: () => void;
}) {
  return (
    <ConfirmDialog
      onClose={onClose}
      title="Delete this post?"
      description={`This deletes ${author}'s post and its image. It cannot be undone.`}
      action="Delete post"
      isBusy={false}
      onConfirm={onConfirm}
    />
  );
}
