import { createApp } from "vue";
import "../shared/tokens.css";
import "../shared/messages.css";
import "../shared/cards.css";
import "../shared/pictures.css";
import "./widget.css";
import WidgetApp from "./WidgetApp.vue";

createApp(WidgetApp).mount("#app");
