/** A sound, and while the window is in the background a notification, for news in the agent's own conversations. */

import { ref } from "vue";
import type { Summary } from "./api";

const KEPT = "xiaoer:bell";

/** The agent's own conversations in which something came that is not on screen. */
export function news(before: readonly Summary[], after: readonly Summary[], onScreen: string | undefined): Summary[] {
  const known = new Map(before.map((row) => [row.id, row]));
  return after.filter((row) => {
    const was = known.get(row.id);
    return row.mine && was?.mine === true && row.id !== onScreen && (row.last_at ?? "") > (was.last_at ?? "");
  });
}

export class Bell {
  readonly on = ref(stored());
  private audio: AudioContext | null = null;

  /** Switch on or off; the click is also what browsers want before they allow either. */
  async toggle(): Promise<void> {
    this.on.value = !this.on.value;
    store(this.on.value);
    if (!this.on.value) return;
    this.sound();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  }

  ring(rows: readonly Summary[]): void {
    if (!this.on.value || !rows.length) return;
    this.sound();
    if (document.visibilityState === "visible" || !("Notification" in window) || Notification.permission !== "granted")
      return;
    for (const row of rows) new Notification(row.shopper, { body: row.last_text, tag: row.id });
  }

  private sound(): void {
    try {
      this.audio ??= new AudioContext();
      void this.audio.resume();
      const tone = this.audio.createOscillator();
      const volume = this.audio.createGain();
      volume.gain.setValueAtTime(0.12, this.audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, this.audio.currentTime + 0.35);
      tone.frequency.value = 880;
      tone.connect(volume).connect(this.audio.destination);
      tone.start();
      tone.stop(this.audio.currentTime + 0.35);
    } catch {
      // No sound here; title and list say the same.
    }
  }
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function store(on: boolean): void {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // Blocked storage forgets.
  }
}
