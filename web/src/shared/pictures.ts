/** Pictures in the thread: where their content comes from, how large they are drawn, what is done to a file before it is sent. */

import type { InjectionKey } from "vue";
import type { Picture } from "./wire";

export interface PictureSource {
  /** The content from the desk. Raises ApiError. */
  load(id: string, size: "thumb" | "full"): Promise<Blob>;
  /** The blob: address of a picture that was chosen in this window, by its message's client id; "" for any other. */
  local(clientId: string): string;
}

export const PICTURES: InjectionKey<PictureSource> = Symbol("pictures");

/** What a file dialog offers. A phone that takes photos in another format converts them when this is asked for. */
export const ACCEPTED = "image/jpeg,image/png,image/webp,image/gif";
export const MOST_AT_ONCE = 9;
const MOST_BYTES = 5 * 1024 * 1024;
/** Larger files are made smaller before they are sent: the desk would do it anyway, and it spares the line. */
const SHRINK_FROM = 1.5 * 1024 * 1024;
const SIDE = 1600;
const QUALITY = 0.85;
const BOX = 220;
const UNKNOWN = 160;
const LEAST = 44;

export interface Size {
  width: number;
  height: number;
}

/** A picture to be opened large; the preview stands in until its content has come. */
export interface Viewed {
  picture: Picture;
  label: string;
  preview: string;
}

/** What is sent, and its size; 0 by 0 where this browser cannot tell. */
export interface Ready extends Size {
  content: Blob;
}

/** The room that a thumbnail takes in the thread. */
export function room(size: Size): Size {
  if (!size.width || !size.height) return { width: UNKNOWN, height: UNKNOWN };
  const scale = Math.min(1, BOX / Math.max(size.width, size.height));
  const side = (length: number): number => Math.max(LEAST, Math.round(length * scale));
  return { width: side(size.width), height: side(size.height) };
}

/** The pictures among what was pasted or dropped, and what a browser does not know the type of. */
export function picturesIn(data: DataTransfer | null): File[] {
  return data ? [...data.files].filter((file) => !file.type || file.type.startsWith("image/")) : [];
}

/** The same for what was pasted: where there is text as well, as from a word processor, that was meant. */
export function picturesPasted(data: DataTransfer | null): File[] {
  return data?.types.includes("text/plain") ? [] : picturesIn(data);
}

/** Why a file cannot be sent, fit to show; "" when it may be tried: what it really is the desk finds out. */
export function refusal(ready: Ready): string {
  if (!ready.content.size) return "这个文件是空的，请重新选一张图片。";
  if (ready.content.size > MOST_BYTES) return "图片太大了，最大 5 MB。请截图后再发，或先在相册里压缩。";
  return "";
}

/** A file made ready to be sent: a large one smaller, an unusual one as a JPEG, if this browser can. */
export async function prepared(file: Blob): Promise<Ready> {
  const image = await decoded(file);
  if (!image) return { content: file, width: 0, height: 0 };
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const size = { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
  const redraw = file.size > SHRINK_FROM || !ACCEPTED.split(",").includes(file.type);
  const content = redraw ? ((await drawn(image, size)) ?? file) : file;
  image.close();
  return { content, ...size };
}

async function decoded(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file);
  } catch {
    return null; // no picture, or a browser that cannot: the desk has the last word
  }
}

function drawn(image: ImageBitmap, size: Size): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const pen = canvas.getContext("2d");
  if (!pen) return Promise.resolve(null);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, size.width, size.height);
  pen.drawImage(image, 0, 0, size.width, size.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}
