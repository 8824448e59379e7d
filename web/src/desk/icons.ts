/** Icons of the agents' page alone, drawn like the shared ones; the shopper's window need not load them. */
export const DESK_ICONS = {
  back: "M14.5 6l-6 6 6 6",
  leave: "M14 5H6v14h8M10.5 12H20M17 9l3 3-3 3",
  bell: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10.5 20.5h3",
  mute: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10.5 20.5h3M4 4l16 16",
  facts: "M5 4.5h14v15H5zM8.5 9h7M8.5 12.5h7M8.5 16h4",
  tasks: "M4 6.5L5.5 8 8.5 4.5M4 16.5L5.5 18l3-3.5M12 6.5h8M12 16.5h8",
  chat: "M4 5.5h16v11h-8.5L7 20v-3.5H4z",
} as const;

export type DeskIconName = keyof typeof DESK_ICONS;
