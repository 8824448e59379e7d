/** A websocket that only ever says "there is something new". It may be missing or cut: nothing depends on it but speed. */

import type { Hint } from "./wire";

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

export interface HintsOptions {
  path: string;
  /** First frame to send, if the socket is not known by its cookie. */
  hello: () => object | null;
  onHint: (hint: Hint) => void;
  onOpen: (open: boolean) => void;
}

/** Wait before try number `tries` (from 0): 1, 2, 4 … 30 s, each shortened by up to half so that clients spread. */
export function backOff(tries: number, chance: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries) * (1 - chance / 2);
}

export class Hints {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private stopped = false;

  constructor(private readonly options: HintsOptions) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  /** Try at once, as after the network came back. */
  now(): void {
    if (this.stopped || (this.socket && this.socket.readyState <= WebSocket.OPEN)) return;
    this.tries = 0;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  private connect(): void {
    clearTimeout(this.timer);
    const socket = open(this.options.path);
    if (!socket) return;
    this.socket = socket;
    socket.onopen = () => {
      const hello = this.options.hello();
      if (hello) socket.send(JSON.stringify(hello));
      this.options.onOpen(true);
    };
    socket.onmessage = (message) => {
      this.tries = 0;
      const hint = read(message.data);
      if (hint) this.options.onHint(hint);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.options.onOpen(false);
      if (!this.stopped) this.timer = setTimeout(() => this.connect(), backOff(this.tries++, Math.random()));
    };
  }
}

/** A socket, or null where the browser forbids it outright; polling then does all the work. */
function open(path: string): WebSocket | null {
  try {
    return new WebSocket(`${location.origin.replace(/^http/, "ws")}${path}`);
  } catch {
    return null;
  }
}

function read(data: unknown): Hint | null {
  try {
    const hint: unknown = JSON.parse(String(data));
    return (hint as { v?: unknown } | null)?.v === 1 ? (hint as Hint) : null;
  } catch {
    return null;
  }
}
