/** Line icons as SVG path data on a 24 by 24 grid. */
export const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M4.5 11.8L19.5 5l-5.6 14.5-3.2-5.7z",
  person: "M5 13v-1.5a7 7 0 0 1 14 0V13M5 13h2.5v5H6.5A1.5 1.5 0 0 1 5 16.5zM19 13h-2.5v5h1a1.5 1.5 0 0 0 1.5-1.5zM17.5 18c0 1.7-2 2.5-4.5 2.5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  parcel: "M4 8l8-4 8 4v8.5l-8 4-8-4zM4 8l8 4 8-4M12 12v8.5",
  retry: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  alert: "M12 8v5M12 16.3v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z",
  clock: "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 4.5M15 9.5h.1",
  shop: "M5 10.5V20h14v-9.5M3.5 8.5L5.5 4h13l2 4.5c0 1.5-1.2 2.5-2.7 2.5s-2.8-1-2.8-2.5c0 1.5-1.3 2.5-3 2.5s-3-1-3-2.5c0 1.5-1.3 2.5-2.8 2.5S3.5 10 3.5 8.5zM10 20v-5h4v5",
} as const;

export type IconName = keyof typeof ICONS;
