/** What the house's rules say of a draft, asked when the agent pauses. It only warns: sending never waits for it. */

import type { Finding } from "./api";

export interface Wording {
  /** The draft has changed. */
  look(text: string): void;
  stop(): void;
}

/** Ask `about` a text after a pause of `wait` ms and `show` the answer, unless the draft has changed meanwhile. */
export function wording(
  about: (text: string) => Promise<Finding[]>,
  show: (findings: Finding[]) => void,
  wait = 500,
): Wording {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = "";

  async function check(text: string): Promise<void> {
    const findings = await about(text).catch(() => []);
    if (text === latest) show(findings);
  }

  return {
    look(text) {
      clearTimeout(timer);
      latest = text.trim();
      if (!latest) return show([]);
      const asked = latest;
      timer = setTimeout(() => void check(asked), wait);
    },
    stop: () => clearTimeout(timer),
  };
}
