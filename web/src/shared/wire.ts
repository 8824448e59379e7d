/** What travels between the browser and the desk. Times are ISO strings with a zone; every text is fit to show. */

export type Status = "bot" | "waiting" | "human" | "closed";
export type EventKind = "shopper" | "bot" | "agent" | "system";

export interface ReplyButton {
  id: string;
  title: string;
}

export interface OrderItem {
  title: string;
  options: string;
  quantity: number | string;
  price: string;
  picture: string | null;
}

export interface Order {
  order_id: string;
  state: string;
  state_code: string;
  items: OrderItem[];
  total: string;
  placed: string;
}

export interface Trace {
  at: string;
  place: string;
  text: string;
}

export interface Product {
  product_id: string;
  title: string;
  price: string;
  stock: string | number;
  picture: string | null;
  specs: { name: string; value: string }[];
}

export type OrderCard = Order & { kind: "order" };
export type ProductCard = Product & { kind: "product" };
export interface OrdersCard {
  kind: "orders";
  orders: Order[];
}
export interface ParcelCard {
  kind: "parcel";
  order_id: string;
  carrier: string;
  waybill: string;
  state: string;
  state_code: string;
  place: string;
  expected: string | null;
  /** Newest first. */
  traces: Trace[];
}
export interface PaymentCard {
  kind: "payment";
  order_id: string;
  title: string;
  total: string;
  until: string;
  /** The shop's own page for paying. */
  url: string;
}
export interface ProductsCard {
  kind: "products";
  products: Product[];
}
export interface TableCard {
  kind: "table";
  title: string;
  columns: string[];
  rows: (string | number)[][];
}
export type Card = OrderCard | OrdersCard | ParcelCard | PaymentCard | ProductCard | ProductsCard | TableCard;

/** A picture that a shopper sent; its content is asked for by its id. */
export interface Picture {
  id: string;
  width: number;
  height: number;
}

/** One line of a conversation's log; `seq` counts from 1 without gaps that a client needs to know of. */
export interface ChatEvent {
  seq: number;
  kind: EventKind;
  at: string;
  text: string;
  client_id: string | null;
  buttons: ReplyButton[];
  card: Card | null;
  /** The text then only stands in for it where words alone are shown. */
  picture: Picture | null;
  author: string;
  code: string | null;
}

export interface Waiting {
  place: number;
  minutes: number | null;
  /** No agent works now; the bot answers meanwhile. */
  after_hours: boolean;
  /** When agents are back, in words; null when they are here or nobody knows. */
  back: string | null;
}

/** Where in the shop the shopper is. Context for the bot, never authority. */
export interface Page {
  kind: string;
  product_id?: string;
  order_id?: string;
}

export interface Session {
  conversation: string;
  key: string;
  shop: { name: string; hours: string; greeting: string };
  shopper: { name: string } | null;
  status: Status;
  last: number;
  suggestions: string[];
}

export interface ShopperEvents {
  events: ChatEvent[];
  status: Status;
  typing: boolean;
  agent: string | null;
  waiting: Waiting | null;
  last: number;
}

export interface Outgoing {
  client_id: string;
  text?: string;
  button?: string;
  page?: Page | null;
  /** The size of a picture whose content goes in place of a text; 0 where it is not known yet. */
  picture?: { width: number; height: number };
}

/** A socket frame: it says that something happened, never what; the content is fetched. */
export type Hint =
  | { v: 1; kind: "events"; last: number; conversation?: string }
  | { v: 1; kind: "typing"; on: boolean }
  | { v: 1; kind: "status"; status: Status }
  | { v: 1; kind: "conversations" };
