import { createApp } from "vue";
import "../shared/tokens.css";
import "../shared/messages.css";
import "../shared/cards.css";
import "../shared/pictures.css";
import "./desk.css";
import "./entry.css";
import "./tasks.css";
import DeskApp from "./DeskApp.vue";

createApp(DeskApp).mount("#app");
