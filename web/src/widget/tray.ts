/** Pictures that were chosen in this window. They live in memory alone: a page that is loaded anew has forgotten them. */

import type { Ready } from "../shared/pictures";

export class Tray {
  private readonly held = new Map<string, { content: Blob; address: string }>();

  hold(clientId: string, ready: Ready): void {
    this.held.set(clientId, { content: ready.content, address: URL.createObjectURL(ready.content) });
  }

  content(clientId: string): Blob | null {
    return this.held.get(clientId)?.content ?? null;
  }

  /** For showing it without asking the desk; "" when it is not here. */
  address(clientId: string): string {
    return this.held.get(clientId)?.address ?? "";
  }

  drop(clientId: string): void {
    const address = this.address(clientId);
    if (address) URL.revokeObjectURL(address);
    this.held.delete(clientId);
  }
}
