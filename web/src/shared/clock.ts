import { onBeforeUnmount, ref, type Ref } from "vue";

/** The time now, told anew every `every` milliseconds, for words such as 刚刚. */
export function useNow(every = 30_000): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), every);
  onBeforeUnmount(() => clearInterval(timer));
  return now;
}
