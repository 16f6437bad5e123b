// Shows the bar of a page when there is something new. The page itself changes only when the reader wants it.
import { follow } from "./socket.mjs";

for (const bar of document.querySelectorAll(".live-bar[data-live]")) {
  follow(bar.dataset.live, { changed: () => (bar.hidden = false) });
}
