/** Keys in the message box. */

/** True when Enter should send: not with Shift, and never while an input method is still composing a word. */
export function sends(event: KeyboardEvent, composing: boolean): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
  // Safari ends the composition before the Enter that chose the word arrives; that Enter still has key code 229.
  return !composing && !event.isComposing && event.keyCode !== 229;
}

/** The text as it will be sent; "" when nothing visible is in it. */
export function sendable(draft: string): string {
  const text = draft.trim();
  return /[^\s\p{Cc}\p{Cf}]/u.test(text) ? text : "";
}
