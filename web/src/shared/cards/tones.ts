/** Which colour a state has. Only a hint beside the words: an unknown code is plain. */

export type Tone = "good" | "moving" | "waiting" | "bad" | "plain";

const TONES: Record<string, Tone> = {
  unpaid: "waiting",
  paid: "waiting",
  packed: "waiting",
  sent: "moving",
  collected: "moving",
  in_transit: "moving",
  out_for_delivery: "moving",
  waiting_pickup: "waiting",
  signed: "good",
  finished: "good",
  refunding: "waiting",
  refunded: "good",
  exchanging: "waiting",
  stuck: "bad",
  lost: "bad",
  returned: "bad",
};

export function tone(code: string): Tone {
  return TONES[code] ?? "plain";
}
