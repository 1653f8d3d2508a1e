/** The dialogs about versions, as what lies over the editor: `publish`, `publish:3`, `compare:2`, `take-down`. */
export type VersionDialog = "publish" | "compare" | "take-down";

export const overlayName = (dialog: VersionDialog, version?: string): string =>
  version === undefined ? dialog : `${dialog}:${version}`;

/** Whether that dialog is what lies over the editor, and of which version. */
export function overlayOf(
  over: string | undefined,
  dialog: VersionDialog,
): { readonly opened: boolean; readonly of: string | undefined } {
  const opened = over === dialog || (over?.startsWith(`${dialog}:`) ?? false);
  return { opened, of: opened ? over!.slice(dialog.length + 1) || undefined : undefined };
}
