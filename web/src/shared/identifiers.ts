/** Ids: made for messages, found in texts. */

/** A random UUID, also where the page has no https and so no `crypto.randomUUID`. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** One stretch of a text. Order and waybill numbers stand apart, to be kept whole and copied with a tap. */
export interface Piece {
  text: string;
  id: boolean;
}

const RUN = /[A-Za-z0-9-]{8,}/g;
const ID = /^[A-Za-z]{0,5}-?\d{8,}$/;

/** Cut a text into plain pieces and ids; joined again they are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(RUN)) {
    if (!ID.test(match[0])) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), id: false });
    found.push({ text: match[0], id: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: text.slice(end), id: false });
  return found;
}
