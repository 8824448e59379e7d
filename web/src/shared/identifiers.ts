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
  /** Punctuation right behind an id, kept on its line; plain pieces have none. */
  tail: string;
}

const RUN = /([A-Za-z0-9-]{8,})([，。；：、！？）」』》”~]*)/g;
const ID = /^[A-Za-z]{0,5}-?\d{8,}$/;

/** Cut a text into plain pieces and ids; joined again they are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  const plain = (to: number): unknown => found.push({ text: text.slice(end, to), id: false, tail: "" });
  for (const match of text.matchAll(RUN)) {
    const [whole, id = "", tail = ""] = match;
    if (!ID.test(id)) continue;
    if (match.index > end) plain(match.index);
    found.push({ text: id, id: true, tail });
    end = match.index + whole.length;
  }
  if (end < text.length) plain(text.length);
  return found;
}
